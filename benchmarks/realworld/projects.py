"""The projects that are looked at: `manifest.toml` in typed form."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

MANIFEST = Path(__file__).parent / "manifest.toml"


@dataclass(frozen=True, slots=True)
class Project:
    """One release of a project, and how its tests are collected.

    Attributes:
        name: as the package index knows it.
        version: the release.
        sha256: of its source distribution.
        style: how its async tests come to run, in a few words.
        requirements: what its tests need beside itself, pinned; pytest and plugins among them.
        paths: what pytest is given, relative to `folder`.
        arguments: further arguments of pytest.
        folder: where pytest is started, relative to the project's root.
        installed: whether the project itself is installed, from the index, beside its sources.
        unjudged: why pytest is not asked about its tests here, and findings in it are only read by
            people; empty where it is.
    """

    name: str
    version: str
    sha256: str
    style: str
    requirements: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    folder: str = "."
    installed: bool = True
    unjudged: str = ""

    @property
    def label(self) -> str:
        """Name and version in one word."""
        return f"{self.name}-{self.version}"


def read_manifest(path: Path = MANIFEST) -> tuple[Project, ...]:
    """Return the projects of a manifest, in its order.

    Raises:
        TypeError: a table holds a key that is unknown, or lacks one.
    """
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    return tuple(_project(table) for table in tables)


def _project(table: dict[str, object]) -> Project:
    lists = {key: tuple(value) for key, value in table.items() if isinstance(value, list)}
    return Project(**{**table, **lists})  # type: ignore[arg-type] # TOML is checked by the keys
