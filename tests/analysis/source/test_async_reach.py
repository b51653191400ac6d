"""What is left out of parsing could never have been reported."""

from collections.abc import Mapping

import pytest

from bot.analysis.rule import Bad, example_files, expected_lines
from bot.analysis.source.async_reach import AsyncReach
from bot.analysis.source.layout import Layout
from bot.analysis.source.parsing import compiles
from bot.analysis.source.project import Library, Project
from bot.analysis.source.source import decode
from bot.rules import ALL_RULES

SYNC = "def test_total():\n    assert total() == 3\n"
BASE = "class Base:\n    async def test_inherited(self):\n        pass\n"

NEAR: dict[str, Mapping[str, str]] = {
    "its own code": {"test_a.py": "async def test_total(): pass\n"},
    "a comment, to be on the safe side": {"test_a.py": f"# not async\n{SYNC}"},
    "a base class": {"test_a.py": f"from base import Base\n{SYNC}", "base.py": BASE},
    "a base class far away": {
        "test_a.py": f"from pack.near import *\n{SYNC}",
        "src/pack/near.py": "from .far import Base\n",
        "src/pack/far.py": BASE,
        "src/pack/__init__.py": "",
    },
    "a module that a package brings along": {
        "test_a.py": f"import pack as short, os\n{SYNC}",
        "pack/__init__.py": "from . import inner\n",
        "pack/inner.py": BASE,
    },
    "a module that is named in a list of several lines": {
        "test_a.py": f"from pack import (\n    first,\n    second,\n)\n{SYNC}",
        "pack/__init__.py": "",
        "pack/second.py": BASE,
    },
    "an import inside a function": {
        "test_a.py": "def test_total():\n    from base import Base\n",
        "base.py": BASE,
    },
    "an import behind a semicolon": {
        "test_a.py": f"import os; from base import Base\n{SYNC}",
        "base.py": BASE,
    },
    "an import that goes on": {
        "test_a.py": f"from base \\\n    import Base\n{SYNC}",
        "base.py": BASE,
    },
    "a conftest file above": {"sub/test_a.py": SYNC, "conftest.py": "async def value(): pass\n"},
    "a patched function": {
        "test_a.py": f"@patch('shop.fetch')\n{SYNC}",
        "shop.py": "async def fetch(): pass\n",
    },
    "a plugin": {"test_a.py": SYNC, "tools/plugin.py": "async def value(): pass\n"},
    "an assertion of a mock": {"test_a.py": "def test_a(mock):\n    mock.assert_called_once\n"},
}
FAR: dict[str, Mapping[str, str]] = {
    "nothing": {"test_a.py": ""},
    "sync code alone": {
        "test_a.py": f"from shop import total\n{SYNC}",
        "shop.py": "def total(): return 3\n",
        "conftest.py": "",
    },
    "modules that import each other": {
        "test_a.py": f"import shop\n{SYNC}",
        "shop.py": "import tills\n",
        "tills.py": "import shop\n",
    },
    "async code that it does not import": {"test_a.py": SYNC, "other.py": BASE},
}


def may_hold(files: Mapping[str, str], path: str, *plugins: str) -> bool:
    library = Library(Layout(tuple(files)))
    library.add({path: text.encode() for path, text in files.items()})
    return AsyncReach(Project(library)).may_hold(path, plugins)


def path_of(files: Mapping[str, str]) -> str:
    return next(path for path in files if path.endswith("test_a.py"))


@pytest.mark.parametrize("files", NEAR.values(), ids=NEAR)
def test_what_may_have_to_do_with_async_code_is_looked_at(files: Mapping[str, str]) -> None:
    assert may_hold(files, path_of(files), "tools.plugin")


@pytest.mark.parametrize("files", FAR.values(), ids=FAR)
def test_what_has_nothing_to_do_with_async_code_is_not(files: Mapping[str, str]) -> None:
    assert not may_hold(files, path_of(files))


def test_a_file_with_very_many_imports_is_looked_at() -> None:
    modules = {f"module_{number}.py": "" for number in range(200)}
    imports = "".join(f"import module_{number}\n" for number in range(200))

    assert may_hold({"test_a.py": imports, **modules}, "test_a.py")


# House rules may speak of any test: where there are some, everything is parsed.
@pytest.mark.parametrize("name", [one.name for one in ALL_RULES if one.policy is None])
def test_no_example_of_a_rule_is_left_out(name: str) -> None:
    (rule,) = (one for one in ALL_RULES if one.name == name)
    for example in rule.examples:
        if isinstance(example, Bad):
            files = example_files(example.files)
            for path, _ in expected_lines(example.files):
                if path.endswith(".py"):
                    source = decode(path, files[path].encode())
                    assert may_hold(files, path) or not compiles(source), files[path]
