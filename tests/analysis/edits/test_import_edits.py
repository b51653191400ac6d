"""Names that fixes bring in: where imports go, and which are used that are there."""

from textwrap import dedent

import pytest

from tests.analysis.edits.fixed import MARKED, TEST, fixed

# What stands above the test, and what must stand there once pytest is imported.
IMPORTS = {
    "nothing": ("", "import pytest\n\n"),
    "a shebang": ("#!/usr/bin/env python\n", "#!/usr/bin/env python\nimport pytest\n\n"),
    "a docstring": ('"""Doc."""\n\n', '"""Doc."""\n\nimport pytest\n\n'),
    "only the future": (
        "from __future__ import annotations\n\n",
        "from __future__ import annotations\n\nimport pytest\n\n",
    ),
    "the standard library": ("import os\n\n", "import os\n\nimport pytest\n\n"),
    "third parties": (
        "import os\n\nimport attrs\nimport yarl\n\n",
        "import os\n\nimport attrs\nimport pytest\nimport yarl\n\n",
    ),
    "a third party's name": (
        "from attrs import define\n\n",
        "import pytest\nfrom attrs import define\n\n",
    ),
    "the repository": ("from shop import x\n\n", "import pytest\n\nfrom shop import x\n\n"),
    "all of it": (
        "import os\n\nimport yarl\n\nfrom shop import x\n\n",
        "import os\n\nimport pytest\nimport yarl\n\nfrom shop import x\n\n",
    ),
    "an import in parentheses": (
        "from os import (\n    path,  # c\n)\n\n",
        "from os import (\n    path,  # c\n)\n\nimport pytest\n\n",
    ),
    "an import that shares its lines": (
        "import os; x = [\n    1,\n]; y = [\n    2,\n]\n\n",
        "import os; x = [\n    1,\n]; y = [\n    2,\n]\n\nimport pytest\n\n",
    ),
    "imports further below": (
        "import os\n\nx = 1\nfrom attrs import define\n\n",
        "import os\n\nimport pytest\n\nx = 1\nfrom attrs import define\n\n",
    ),
}


@pytest.mark.parametrize(("above", "expected"), IMPORTS.values(), ids=IMPORTS)
def test_the_import_goes_where_isort_would_put_it(above: str, expected: str) -> None:
    assert fixed(above + TEST, **{"shop.py": "x = 1\n"}) == (expected + MARKED).encode()


@pytest.mark.parametrize(
    ("above", "marker"),
    [
        ("import pytest\n", "pytest.mark.asyncio"),
        ("import pytest as pt\n", "pt.mark.asyncio"),
        ("from pytest import mark\n", "mark.asyncio"),
        ("import pytest\nmark = pytest.mark\n", "mark.asyncio"),
    ],
)
def test_a_name_that_is_there_is_used(above: str, marker: str) -> None:
    assert fixed(above + TEST).decode() in {
        f"{above}@{marker}\n{TEST}",
        f"{above}@pytest.mark.asyncio\n{TEST}",
    }


def test_an_import_below_the_test_is_of_no_use() -> None:
    assert fixed(TEST + "\nimport pytest\n").startswith(b"import pytest\n\n@pytest.mark.asyncio\n")


def test_an_import_for_type_checkers_is_of_no_use() -> None:
    text = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import pytest\n\n"

    changed = fixed(text + TEST).decode()

    assert changed.startswith("from typing import TYPE_CHECKING\n\nimport pytest\n")


@pytest.mark.parametrize(
    ("imported", "expected"),
    [
        (
            "from unittest.mock import Mock, patch",
            "from unittest.mock import AsyncMock, Mock, patch",
        ),
        ("from unittest.mock import ANY, Mock", "from unittest.mock import ANY, AsyncMock, Mock"),
        (
            "from unittest.mock import (\n    Mock,\n    patch,\n)",
            "from unittest.mock import (\n    AsyncMock,\n    Mock,\n    patch,\n)",
        ),
    ],
)
def test_a_name_joins_the_import_of_its_siblings(imported: str, expected: str) -> None:
    text = f"{imported}\nimport pytest\n\n@pytest.mark.asyncio\nasync def test_it():\n"
    body = "    x = Mock()\n    await x()\n    y = Mock()\n    y()\n"

    changed = fixed(text + body).decode()

    assert changed == (text + body).replace(imported, expected).replace(
        "x = Mock", "x = AsyncMock"
    )


def test_the_last_use_of_a_name_takes_its_import_along() -> None:
    text = dedent("""\
        from unittest import mock, TestCase

        class TestIt(TestCase):
            async def test_it(self): ...
    """)

    assert fixed(text).decode() == text.replace("TestCase", "IsolatedAsyncioTestCase")
