"""Which plugins pytest loads: `-p`, PYTEST_PLUGINS, and what loads by itself."""

from collections.abc import Iterable

from msgspec import Struct


class LoadedPlugins(Struct, frozen=True):
    """The plugins of a run, as far as its command line and its environment say.

    Attributes:
        named: names given to `-p` and PYTEST_PLUGINS, in order, blocked ones left out.
        blocked: names switched off by `-p no:`, and what pytest switches off with them.
        autoload: whether installed plugins load by themselves.
    """

    named: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    autoload: bool = True

    def loads(self, entry_point: str, module: str) -> bool:
        """Whether an installed plugin is loaded, by itself or because it is named.

        A name loads an entry point of that name, or else the module of that name.
        """
        if entry_point in self.named or module in self.named:
            return True
        return self.autoload and entry_point not in self.blocked

    def doubles(self, entry_point: str, module: str) -> bool:
        """Whether a plugin is loaded under both of its names, which pytest refuses."""
        by_itself = self.autoload and entry_point not in self.blocked
        return module in self.named and (entry_point in self.named or by_itself)

    def names(self, entry_point: str, module: str) -> bool:
        """Whether the plugin is asked for by name."""
        return entry_point in self.named or module in self.named


def loaded_plugins(
    words: Iterable[str], environment_names: Iterable[str], *, autoload: bool
) -> LoadedPlugins:
    """Return what is loaded, following `consider_pluginarg` of pytest.

    Args:
        words: what `-p` was given, in order.
        environment_names: the names in PYTEST_PLUGINS, which are loaded last.
        autoload: whether installed plugins load by themselves.
    """
    named: list[str] = []
    blocked: dict[str, None] = {}
    for word in words:
        name = word.removeprefix("no:")
        # "no:asyncio" is also "no:pytest_asyncio", and so is the way back.
        both = [name] if name.startswith("pytest_") else [name, f"pytest_{name}"]
        if name != word:
            blocked.update(dict.fromkeys(both))
            named = [one for one in named if one not in both]
            continue
        for one in both:
            blocked.pop(one, None)
        named.append(name)
    named += [name.strip() for name in environment_names if name.strip() not in blocked]
    return LoadedPlugins(tuple(dict.fromkeys(filter(None, named))), tuple(blocked), autoload)
