"""What the rule says of assertions of mocks is what `unittest.mock` does."""

import inspect
import sys
from unittest.mock import AsyncMock, Mock

import pytest

from bot.analysis.mocks.mock_assertions import ASSERTIONS, MISSPELT


def test_every_assertion_of_unittest_mock_is_known() -> None:
    assert {name for name in dir(AsyncMock()) if name.startswith("assert_")} == set(ASSERTIONS)


@pytest.mark.parametrize("name", ASSERTIONS)
def test_it_is_known_which_assertions_are_about_arguments(name: str) -> None:
    parameters = inspect.signature(getattr(AsyncMock(), name)).parameters

    assert bool(parameters) == ASSERTIONS[name]


@pytest.mark.parametrize("name", MISSPELT)
@pytest.mark.parametrize("kind", [Mock, AsyncMock])
def test_a_misspelt_assertion_holds_a_mock_to_nothing(kind: type[Mock], name: str) -> None:
    try:
        child = getattr(kind(), name)
    except AttributeError as error:
        assert sys.version_info >= (3, 12)
        assert "await" not in name
        assert "is not a valid assertion" in str(error)  # noqa: PT017
    else:
        assert isinstance(child, kind)
        assert bool(child)
        assert MISSPELT[name] in ASSERTIONS


@pytest.mark.parametrize("name", ["assert_not_called", "assert_not_awaited"])
async def test_an_awaited_assertion_fails(name: str) -> None:
    assertion = getattr(AsyncMock(), name)

    with pytest.raises(TypeError, match="'await' expression"):
        await assertion()
