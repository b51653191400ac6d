"""What a class has by its whole MRO, across files: methods, attributes, and how it is made."""

from collections.abc import Mapping

from bot.analysis.awaiting.attributes import attribute_sources
from bot.analysis.awaiting.third_party_calls import HARMLESS_BASES
from bot.analysis.awaiting.third_party_classes import ATTRIBUTES, known_name
from bot.analysis.collection.third_party import PLAIN_METACLASSES
from bot.analysis.names.annotations import Type
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import UNKNOWN, Class, External, Function, Value, own_name

_ANYTHING: Value = UNKNOWN


class Members:
    """Facts about what classes bring to their instances."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def method(self, owner: Type, name: str) -> Value:
        """Return what a call of a method of an instance calls."""
        if isinstance(owner, External):
            return External(known_name(f"{owner.dotted}.{name}"))
        return self._resolver.project.remember(
            ("method", owner, name), lambda: self._compute_method(owner, name), cyclic=_ANYTHING
        )

    def _compute_method(self, owner: Class, name: str) -> Value:
        if any(True for _ in attribute_sources(owner, name, self._resolver)):
            return UNKNOWN  # an instance may have another thing under that name
        found = self._resolver.class_attribute(owner, name)
        if found == (UNKNOWN,):
            return self.inherited(owner, name)
        return found[0] if len(found) == 1 and isinstance(found[0], Function) else UNKNOWN

    def inherited(self, owner: Class, name: str) -> Value:
        """Return an attribute that the one ancestor outside the repository may bring."""
        outside: list[External] = []
        for ancestor in self._resolver.mro(owner):
            match ancestor:
                case Class() if name not in ancestor.scope.bindings:
                    continue
                case External(dotted=dotted):
                    outside += [] if dotted in HARMLESS_BASES else [ancestor]
                case _:
                    return UNKNOWN
        if len(outside) != 1:
            return UNKNOWN
        return External(known_name(f"{outside[0].dotted}.{name}"))

    def makes_instances(self, made: Class) -> bool:
        """Whether calling a class gives an instance of it."""
        ancestors = [one for one in self._resolver.mro(made) if isinstance(one, Class)]
        return not any(
            "__new__" in one.scope.bindings or self._has_calling_metaclass(one)
            for one in ancestors
        )

    def _has_calling_metaclass(self, made: Class) -> bool:
        """Whether a metaclass may decide what a call of the class gives."""
        for keyword in made.node.keywords:
            if keyword.arg not in {"metaclass", None}:
                continue
            found = self._resolver.value(keyword.value, made.module, made.definition.scope)
            mro = self._resolver.mro(found) if isinstance(found, Class) else (found,)
            for one in mro:
                if isinstance(one, Class) and "__call__" not in one.scope.bindings:
                    continue
                if not isinstance(one, External) or one.dotted not in PLAIN_METACLASSES:
                    return True
        return False

    def brought(self, owner: Class, name: str) -> Type | None:
        """Return the class of an attribute that an ancestor outside the repository brings."""
        match self.inherited(owner, name):
            case External(dotted=dotted):
                return in_table(ATTRIBUTES, dotted)
            case _:
                return in_table(ATTRIBUTES, f"{own_name(owner)}.{name}")


def in_table(table: Mapping[str, str], dotted: str) -> External | None:
    """Return the class outside the repository that stands beside a dotted name."""
    return External(table[dotted]) if dotted in table else None
