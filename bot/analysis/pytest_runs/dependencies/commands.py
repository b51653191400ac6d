"""Packages that single commands install: tox, nox, workflows, Makefiles, Dockerfiles."""

import re
from collections.abc import Iterable, Iterator

from bot.analysis.pytest_runs.config_files import ConfigFiles
from bot.analysis.pytest_runs.dependencies.declaration import Declaration, Weight, requirement
from bot.analysis.pytest_runs.invocations.nox import nox_installs
from bot.analysis.pytest_runs.invocations.tox import tox_dependencies
from bot.analysis.pytest_runs.shell_words import HIDDEN, split

INSTALL = re.compile(
    r"(?:\bpip3?\s+install|\bpipx\s+inject\s+\S+|\buv\s+(?:pip\s+install|add)|\bpoetry\s+add"
    r"|\bpdm\s+add|\bpipenv\s+install|\b(?:conda|mamba|micromamba)\s+install)\s+([^\n;&|]*)"
)
COMMAND = re.compile(r"install|inject|\badd\b|--with")
WITH = re.compile(r"--with(?:=|\s+)(['\"]?)([\w.\[\]-]+[^'\"\s]*)\1")
VALUED = frozenset({
    "-r", "--requirement", "-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-f",
    "--find-links", "-e", "--editable", "--group", "-G", "--extra", "-E", "--python", "-p",
    "-t", "--target", "--prefix", "-n", "--name", "--platform", "--optional",
})  # fmt: skip
# What only builds, checks or starts other things says nothing about what tests need.
TOOLS = frozenset({
    "pip", "setuptools", "wheel", "tox", "tox-uv", "tox-gh-actions", "nox", "build", "twine",
    "poetry", "uv", "pdm", "hatch", "hatchling", "flit", "pipenv", "pipx", "virtualenv",
    "pre-commit", "ruff", "black", "mypy", "pyright", "flake8", "isort", "pylint", "codecov",
    "coveralls", "pip-tools", "cibuildwheel", "sphinx", "mkdocs", "bandit", "safety",
    "pip-audit", "invoke", "commitizen", "python-semantic-release",
})  # fmt: skip
LONGEST = 200_000


def from_commands(files: ConfigFiles, path: str) -> Iterator[Declaration]:
    """Yield the packages that the commands of one file install."""
    if path.endswith("noxfile.py"):
        texts: Iterable[str] = nox_installs(files, path)
    elif path.endswith(("tox.ini", "tox.toml")):
        texts = tox_dependencies(files, path)
    else:
        texts = _installed(files.text(path) or "")
    for text in dict.fromkeys(texts):
        if HIDDEN not in text.partition(";")[0] and not text.startswith("."):
            found = requirement(text, Weight.COMMAND)
            yield from (one for one in found if one.name not in TOOLS)


def _installed(text: str) -> Iterator[str]:
    if len(text) > LONGEST or not COMMAND.search(text):
        return
    continued = text.replace("\\\n", " ")
    for command in INSTALL.finditer(continued):
        skip = False
        for word in split(command[1]):
            if not skip and not word.startswith("-") and "/" not in word.partition("@")[0]:
                yield word
            skip = word in VALUED
    for wanted in WITH.finditer(continued):
        yield wanted[2]
