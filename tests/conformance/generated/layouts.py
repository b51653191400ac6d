"""Where generated projects have their tests, and how these import what is beside them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """Where tests are and how they import what is beside them.

    Attributes:
        folder: where the test modules are.
        shared: where the modules are that they import from.
        place: the dotted name by which the shared module is imported.
        package: what stands before the name of a test module that another one imports.
    """

    folder: str
    shared: str
    place: str
    files: Mapping[str, str]
    package: str = ""


LAYOUTS = (
    Layout("", "", "shared", {}),
    Layout("tests/", "tests/", "shared", {}),
    Layout("tests/", "tests/", "tests.shared", {"tests/__init__.py": ""}, "tests."),
    Layout(
        "tests/unit/",
        "tests/",
        "tests.shared",
        {"tests/__init__.py": "", "tests/unit/__init__.py": ""},
        "tests.unit.",
    ),
    Layout("tests/", "lib/", "shared", {"lib/readme.md": "on pythonpath"}),
)
