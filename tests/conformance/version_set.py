"""The versions of pytest and its plugins that projects are judged by, each in its environment.

The newest is what runs this suite; older ones are installed by their lock file below
`.conformance` in the working directory, once.
"""

import hashlib
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from venv import EnvBuilder

REQUIREMENTS = Path(__file__).parents[2] / "requirements"
ENVIRONMENTS = Path(".conformance")
PINS = "constraints.txt"


@dataclass(frozen=True, slots=True)
class VersionSet:
    """One pytest with one pytest-asyncio.

    Attributes:
        name: short, for tables and folders.
        lock: the lock file of its environment; None for the environment of this process.
    """

    name: str
    lock: Path | None = None

    @property
    def pins(self) -> Mapping[str, bytes]:
        """The file by which a project says that it is run by these versions, by its path.

        Constraints install nothing, so what a project depends on stays its own affair.
        """
        if self.lock is None:
            return {}
        lines = self.lock.read_text().splitlines()
        pins = [line.split(" ")[0] for line in lines if line.startswith(("pytest==", "pytest-as"))]
        return {PINS: "".join(f"{pin}\n" for pin in pins).encode()}

    def version(self, name: str) -> str:
        """Return the version of an installed package, pytest or one of its plugins."""
        if self.lock is None:
            return metadata.version(name)
        pins = dict(line.split("==") for line in self.pins[PINS].decode().splitlines())
        return pins[name]

    @property
    def description(self) -> str:
        """The versions, for people."""
        names = ("pytest", "pytest-asyncio")
        return " ".join(f"{name} {self.version(name)}" for name in names)

    def python(self) -> Path:
        """Return the interpreter of the environment, which is made if it is not there yet.

        Raises:
            subprocess.CalledProcessError: something in the lock file cannot be installed.
        """
        if self.lock is None:
            return Path(sys.executable)
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        digest = hashlib.sha256(self.lock.read_bytes()).hexdigest()[:12]
        folder = ENVIRONMENTS.resolve() / f"{self.lock.stem}-python-{version}-{digest}"
        python = folder / "bin" / "python"
        ready = folder / "ready"
        if not ready.exists():
            EnvBuilder(with_pip=True, clear=True).create(folder)
            self._install(python)
            ready.touch()
        return python

    def _install(self, python: Path) -> None:
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        options = ["--no-deps", "--require-hashes", "-r", str(self.lock)]
        subprocess.run([*pip, *options], check=True, stdout=sys.stderr)


NEWEST = VersionSet("newest")
OLDER = (
    VersionSet("pytest 8.3", REQUIREMENTS / "pytest-8.3.txt"),
    VersionSet("pytest 7.4", REQUIREMENTS / "pytest-7.4.txt"),
)
