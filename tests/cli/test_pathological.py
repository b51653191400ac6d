"""No file, however odd, brings a run down or keeps it from what it says of the others."""

from collections.abc import Mapping

import pytest

from tests.cli.conftest import NEVER_RUNS, Awaited, Tree

MEBIBYTE = 1024 * 1024
RING = 60

NOT_CHECKED: dict[str, Mapping[str, str]] = {
    "100,000 tests": {
        "test_odd.py": "".join(f"async def test_{n}(): pass\n" for n in range(100_000))
    },
    "parentheses": {"test_odd.py": f"X = {'(' * 2000}1{')' * 2000}\n"},
    "lists": {"test_odd.py": f"X = {'[' * 2000}{']' * 2000}\n"},
    "a literal of 5 MB": {"test_odd.py": f"X = '{'x' * 5 * MEBIBYTE}'\n"},
}
HARMLESS: dict[str, Mapping[str, str]] = {
    "a class with 500 bases": {
        "test_odd.py": "".join(f"class C{n}: pass\n" for n in range(500))
        + f"class TestAll({', '.join(f'C{n}' for n in range(500))}):\n"
        "    async def test_all(self): pass\n"
    },
    "120 classes that inherit from two before them": {
        "test_odd.py": "class C0: pass\nclass C1(C0): pass\n"
        + "".join(
            f"class TestC{n}(C{n - 1}, C{n - 2}): pass\nC{n} = TestC{n}\n" for n in range(2, 120)
        )
    },
    "classes that inherit from each other": {
        "test_odd.py": "from base import B\nclass TestA(B):\n    async def test_a(self): pass\n",
        "base.py": "from test_odd import TestA\nclass B(TestA): pass\n",
    },
    "a ring of stars": {
        "test_odd.py": "from ring0 import *\nclass TestA(Base):\n    async def test(self): ...\n",
        **{
            f"ring{n}.py": "".join(f"from ring{(n + step) % RING} import *\n" for step in (1, 7))
            for n in range(RING)
        },
    },
    "a ring of fixtures": {
        "test_odd.py": "import pytest\n"
        + "".join(
            f"@pytest.fixture\nasync def f{n}(f{(n + 1) % RING}): pass\n" for n in range(RING)
        )
        + "async def test_a(f0): pass\n"
    },
}


@pytest.mark.parametrize("files", NOT_CHECKED.values(), ids=NOT_CHECKED)
def test_what_is_too_much_is_reported_as_not_checked(
    tree: Tree, awaited: Awaited, files: Mapping[str, str]
) -> None:
    tree({**files, "test_other.py": NEVER_RUNS})

    run = awaited("check", "--json", "--no-cache")

    assert [error["path"] for error in run.json["errors"]] == ["test_odd.py"]
    assert run.json["files"] == 1
    assert {one["path"] for one in run.json["findings"]} == {"test_other.py"}


@pytest.mark.parametrize("files", HARMLESS.values(), ids=HARMLESS)
def test_what_is_merely_odd_is_checked(
    tree: Tree, awaited: Awaited, files: Mapping[str, str]
) -> None:
    tree({**files, "test_other.py": NEVER_RUNS})

    run = awaited("check", "--json", "--no-cache")

    assert run.json["errors"] == []
    assert run.json["files"] == 2
