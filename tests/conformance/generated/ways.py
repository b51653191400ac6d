"""How a generated test module comes by a name: written there, or imported by one of many ways."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.conformance.generated.definitions import HEAD, root, sources

WAYS = ("here", "from", "as", "module", "module as", "star", "through", "package")


@dataclass(slots=True)
class Names:
    """What one test module uses, and how it comes by it.

    Attributes:
        draw: hypothesis' function of the same name.
        place: the dotted name by which the shared module is imported (`tests.shared`).
    """

    draw: st.DrawFn
    place: str
    _ways: dict[str, str] = field(default_factory=dict[str, str])
    _used: dict[str, None] = field(default_factory=dict[str, None])
    _taken: dict[str, None] = field(default_factory=dict[str, None])

    def use(self, name: str) -> str:
        """Return the expression for something that is defined somewhere."""
        bound = root(name)
        if bound == "unittest":
            return name
        if bound not in self._ways:
            self._ways[bound] = self.draw(st.sampled_from(WAYS))
        self._used[name] = None
        match self._ways[bound]:
            case "as":
                return name.replace(bound, _alias(bound), 1)
            case "module":
                return f"{self.place}.{name}"
            case "module as":
                return f"our.{name}"
            case _:
                return name

    def take(self, module: str, name: str) -> str:
        """Return the expression for something that another test module defines."""
        match self.draw(st.sampled_from(("from", "as", "module"))):
            case "from":
                self._taken[f"from {module} import {name}"] = None
                return name
            case "as":
                self._taken[f"from {module} import {name} as {_alias(name)}"] = None
                return _alias(name)
            case _:
                self._taken[f"import {module}"] = None
                return f"{module}.{name}"

    def head(self) -> str:
        """Return the imports and the definitions that the module begins with."""
        own = sources(name for name in self._used if self._ways[root(name)] == "here")
        return "\n".join([HEAD, *dict.fromkeys(self._imports()), *self._taken, "", *own])

    def _imports(self) -> Iterator[str]:
        beside = self.place.rpartition(".")[0]
        dotted = f"{beside}." if beside else ""
        for bound, way in self._ways.items():
            match way:
                case "from":
                    yield f"from {self.place} import {bound}"
                case "as":
                    yield f"from {self.place} import {bound} as {_alias(bound)}"
                case "module":
                    yield f"import {self.place}"
                case "module as":
                    yield f"import {self.place} as our"
                case "star":
                    yield f"from {self.place} import *"
                case "through":
                    yield f"from {dotted}through import {bound}"
                case "package":
                    yield f"from {dotted}package import {bound}"
                case _:
                    continue

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield the modules that are imported, by their names beside the shared one."""
        elsewhere = [name for name in self._used if self._ways[root(name)] != "here"]
        ways = {self._ways[root(name)] for name in elsewhere}
        if not elsewhere:
            return
        yield "shared.py", "\n".join([HEAD, *sources(elsewhere)])
        if "through" in ways:
            yield "through.py", f"from {self.place} import *\n"
        if "package" in ways:
            names = dict.fromkeys(root(n) for n in elsewhere if self._ways[root(n)] == "package")
            listed = ", ".join(names)
            yield "package/__init__.py", f"from .inner import {listed}\n"
            yield "package/inner.py", f"from {self.place} import {listed}\n"


def _alias(name: str) -> str:
    """Return another name; a test case is only looked for behind names of classes."""
    return f"Our{name}" if name[0].isupper() else f"our_{name}"
