"""Plugins by name: the last word counts, and `no:x` is also `no:pytest_x`."""

import pytest

from bot.analysis.pytest_runs.loaded_plugins import loaded_plugins


@pytest.mark.parametrize(
    ("words", "named", "blocked"),
    [
        ([], (), ()),
        (["a"], ("a",), ()),
        (["a", "a"], ("a",), ()),
        (["no:a"], (), ("a", "pytest_a")),
        (["no:pytest_a"], (), ("pytest_a",)),
        (["a", "no:a"], (), ("a", "pytest_a")),
        (["no:a", "a"], ("a",), ()),
        (["no:a", "pytest_a"], ("pytest_a",), ("a",)),
    ],
)
def test_the_last_word_on_a_plugin_counts(
    words: list[str], named: tuple[str, ...], blocked: tuple[str, ...]
) -> None:
    plugins = loaded_plugins(words, [], autoload=True)

    assert (plugins.named, plugins.blocked) == (named, blocked)


def test_the_environment_s_plugins_come_last_and_cannot_unblock() -> None:
    plugins = loaded_plugins(["no:b", "a"], [" c", "b", ""], autoload=False)

    assert plugins.named == ("a", "c")


def test_a_plugin_loads_by_itself_or_because_it_is_named() -> None:
    by_itself = loaded_plugins([], [], autoload=True)
    alone = loaded_plugins([], [], autoload=False)
    blocked = loaded_plugins(["no:asyncio"], [], autoload=True)
    by_module = loaded_plugins(["no:asyncio", "m"], [], autoload=True)

    assert by_itself.loads("asyncio", "m")
    assert not alone.loads("asyncio", "m")
    assert not blocked.loads("asyncio", "m")
    assert by_module.loads("asyncio", "m")
    assert loaded_plugins(["asyncio"], [], autoload=False).loads("asyncio", "m")


def test_a_plugin_under_both_of_its_names_is_doubled() -> None:
    assert loaded_plugins(["m"], [], autoload=True).doubles("e", "m")
    assert loaded_plugins(["m", "e"], [], autoload=False).doubles("e", "m")
    assert not loaded_plugins(["m"], [], autoload=False).doubles("e", "m")
    assert not loaded_plugins(["no:e", "m"], [], autoload=True).doubles("e", "m")
    assert not loaded_plugins(["e"], [], autoload=True).doubles("e", "m")
