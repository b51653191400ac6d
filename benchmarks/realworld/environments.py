"""Virtual environments in which the projects' own pytest judges: one a project, fully pinned.

    python -m benchmarks.realworld.environments NAME REQUIREMENT...

resolves what a project's tests need, beside the project itself, and writes the pins of all that
was installed to environments/NAME.txt; that file alone says what is installed later.
"""

import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from benchmarks.realworld.corpus import CACHE
from benchmarks.realworld.projects import Project, read_manifest

PINS = Path(__file__).parent / "environments"


class InstallationError(Exception):
    """An environment cannot be made; says why."""


def python_of(project: Project, cache: Path = CACHE) -> Path:
    """Return the interpreter of a project's environment; makes it once.

    Raises:
        InstallationError: nothing is pinned for it, or what is pinned cannot be installed.
    """
    pins = PINS / f"{project.name}.txt"
    if not pins.is_file():
        raise InstallationError(f"{pins.name} is missing: resolve its requirements first")
    folder = _folder(project, cache)
    done = folder / "installed.txt"
    if not done.is_file() or done.read_bytes() != pins.read_bytes():
        python = _make(folder)
        _pip(python, "install", "--quiet", "--no-deps", "--requirement", str(pins))
        done.write_bytes(pins.read_bytes())
    return _interpreter(folder)


def resolve(project: Project, requirements: Sequence[str], cache: Path = CACHE) -> Path:
    """Install requirements, pin everything that came, and return the file of pins.

    Raises:
        InstallationError: they cannot be installed.
    """
    folder = _folder(project, cache)
    python = _make(folder)
    own = [f"{project.name}=={project.version}"] if project.installed else []
    _pip(python, "install", "--quiet", *own, *requirements)
    PINS.mkdir(exist_ok=True)
    pins = PINS / f"{project.name}.txt"
    pins.write_text(_pip(python, "freeze", "--exclude", "pip"))
    (folder / "installed.txt").write_bytes(pins.read_bytes())
    return pins


def _folder(project: Project, cache: Path) -> Path:
    return (
        cache / "environments" / f"{project.label}-{sys.version_info.major}{sys.version_info[1]}"
    )


def _make(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True, symlinks=True)
    return _interpreter(folder)


def _interpreter(folder: Path) -> Path:
    return folder / "bin" / "python"


def _pip(python: Path, *arguments: str) -> str:
    command = [str(python), "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise InstallationError(
            done.stderr.strip().splitlines()[-1] if done.stderr else "pip failed"
        )
    return done.stdout


def main(arguments: list[str]) -> int:
    """Resolve one project's requirements."""
    name, *requirements = arguments or [""]
    chosen = [one for one in read_manifest() if one.name == name]
    if not chosen:
        sys.stderr.write(f"error: {name or 'no name'}: name a project of manifest.toml\n")
        return 2
    try:
        print(resolve(chosen[0], requirements))
    except InstallationError as error:
        sys.stderr.write(f"error: {name}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
