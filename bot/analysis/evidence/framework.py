"""Which async framework tests are written for, and how certain that is."""

import re

from msgspec import Struct

from bot.analysis.facts import Facts
from bot.analysis.fix import Safety
from bot.analysis.pytest_runs.pytest_config import PytestRun
from bot.analysis.source.module import Module


class Framework(Struct, frozen=True):
    """The mark that makes a test run here.

    Attributes:
        mark: its name (`asyncio`).
        safety: safe where anything shows that its plugin is in use, or nothing is declared.
        caveat: what to say of it where it is not safe.
    """

    mark: str
    safety: Safety
    caveat: str = ""


_MARK = re.compile(r"\bmark\.(asyncio|anyio|trio)\b")
_NO_PLUGIN = (
    "no async plugin is among the declared dependencies: add pytest-asyncio to those of the tests"
)
_OTHER_PLUGIN = "pytest-asyncio is not among the declared dependencies, another async plugin is"
_FAMILIES = {"anyio": ("anyio",), "trio": ("pytest-trio", "trio")}


def framework_of(module: Module, facts: Facts) -> Framework:
    """Return the framework of a file: its own marks first, then its conftests', then pins."""
    run = facts.setup.runs_for(module.path)[0]
    texts = [module.source.text, *_conftest_texts(module, facts, run)]
    for text in texts:
        marks = set(_MARK.findall(text))
        if len(marks) == 1:
            return Framework(marks.pop(), Safety.SAFE)
        if marks or "pytest_asyncio" in text:
            return Framework("asyncio", Safety.SAFE)
        if "anyio_backend" in text:
            return Framework("anyio", Safety.SAFE)
    return _by_declarations(module, facts, run)


def _by_declarations(module: Module, facts: Facts, run: PytestRun) -> Framework:
    versions = run.versions
    if versions.declared("pytest-asyncio") or run.asyncio_mode_origin:
        return Framework("asyncio", Safety.SAFE)
    if versions.declared("pytest-trio") and "import trio" in module.source.text:
        return Framework("trio", Safety.SAFE)
    if facts.async_plugin_is_missing(module.path):
        return Framework("asyncio", Safety.UNSAFE, _NO_PLUGIN)
    if versions.declared("anyio"):
        return Framework("anyio", Safety.UNSAFE, "anyio is declared, but no test uses it yet")
    if versions.declares_dependencies:
        return Framework("asyncio", Safety.UNSAFE, _OTHER_PLUGIN)
    return Framework("asyncio", Safety.SAFE)


def _conftest_texts(module: Module, facts: Facts, run: PytestRun) -> list[str]:
    plugins = facts.plugins.plugins(run, module)
    return [one.source.text for one in plugins.all_modules]


def uses_other_frameworks(module: Module, facts: Facts) -> bool:
    """Whether anyio or trio have a hand in the tests around a file."""
    run = facts.setup.runs_for(module.path)[0]
    if any(run.versions.declared(name) for names in _FAMILIES.values() for name in names):
        return True
    texts = [module.source.text, *_conftest_texts(module, facts, run)]
    return any(word in text for text in texts for word in ("anyio", "trio"))
