"""Functions that pytest and unittest call by name around tests, and whether anybody awaits them.

Names: https://docs.pytest.org/en/stable/how-to/xunit_setup.html, Lib/unittest/case.py and, for
`setUpTestData`, django/test/testcases.py. pytest 8 no longer calls nose's `setup` and `teardown`.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from msgspec import Struct
from msgspec.structs import replace

from bot.analysis.answer import Answer
from bot.analysis.collection.classes import Classes
from bot.analysis.collection.collection import Collected, Test
from bot.analysis.collection.decorators import Decorators, Kind
from bot.analysis.collection.plugins import PluginReader, runs_everything
from bot.analysis.collection.third_party import Runs
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, Function
from bot.analysis.pytest_runs.pytest_config import PytestRun
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import Defined
from bot.analysis.source.walking import every_node, nodes_of, own_nodes_of

NOSE = frozenset({"setup", "teardown"})
_OF_MODULES = frozenset({"setup_module", "teardown_module", "setUpModule", "tearDownModule"})
_OF_FUNCTIONS = frozenset({"setup_function", "teardown_function"})
_OF_METHODS = frozenset({"setup_method", "teardown_method"})
_OF_CLASSES = frozenset({"setup_class", "teardown_class"}) | _OF_METHODS
AROUND_TESTS = _OF_FUNCTIONS | _OF_METHODS
_OF_TEST_CASES = frozenset({"setUp", "tearDown", "setUpClass", "tearDownClass"})
_OF_DJANGO = frozenset({"setUpTestData"})
ASYNC_SETUP = frozenset({"asyncSetUp", "asyncTearDown"})
ASYNC_HELPERS = frozenset({"addAsyncCleanup", "enterAsyncContext"})
_ASYNC = frozenset({Kind.COROUTINE, Kind.ASYNC_GENERATOR, Kind.LOST})


class Hook(Struct, frozen=True):
    """A function that stands there to be called by name.

    `classes` are the classes that it is called for, as they are collected; none: the module.
    `shared` says that for other classes of the file it is called as it should be.
    """

    name: str
    function: Function
    classes: tuple[Collected, ...] = ()
    shared: bool = False

    @property
    def owner(self) -> Class | None:
        """The class that it is called for."""
        return self.classes[-1].value if self.classes else None

    @property
    def symbol(self) -> str:
        """The qualified name under which it is called (`TestChild.setup_method`)."""
        return ".".join([*(one.name for one in self.classes), self.name])


@dataclass(frozen=True, slots=True)
class HelperCall:
    """`self.addAsyncCleanup(...)` in a method, and a class that is collected with it."""

    function: Function
    node: ast.Attribute
    owner: Class = field(compare=False)


class Xunit:
    """Finds functions that are called by name around the tests of a file."""

    def __init__(
        self,
        resolver: Resolver,
        classes: Classes,
        decorators: Decorators,
        plugins: PluginReader,
    ) -> None:
        self._resolver = resolver
        self._classes = classes
        self._decorators = decorators
        self._plugins = plugins

    def awaited(self, hook: Hook, module: Module, runs: Iterable[PytestRun]) -> Answer:
        """Return whether anybody awaits the function around tests of a file.

        No framework does but those of `CLASSES_AWAITING_SETUP`; a plugin or a method of the
        repository may.
        """
        if self._decorators.decorated(hook.function).kind not in _ASYNC:
            return Answer.UNKNOWN
        if _is_conditional(hook.function):
            return Answer.UNKNOWN
        if hook.owner is not None and self._may_await(hook.owner):
            return Answer.UNKNOWN
        if any(self._in_other_hands(run, module) for run in runs) or self._is_named(hook):
            return Answer.UNKNOWN
        return Answer.NO

    def _may_await(self, owner: Class) -> bool:
        return self._classes.runs(owner) is Runs.UNKNOWN or self._classes.awaits_setup(owner)

    def _in_other_hands(self, run: PytestRun, module: Module) -> bool:
        plugins = self._plugins.plugins(run, module)
        hooks = plugins.hooks
        return (
            run.refused is not None
            or plugins.unknown
            or hooks.handles_fixtures
            or hooks.may_swap
            or runs_everything(run, plugins)
        )

    def hooks(self, module: Module, tests: Iterable[Test]) -> Iterator[Hook]:
        """Yield what is called for the tests: each function once for a class that has it."""
        tests = list(tests)
        if tests:
            names = _OF_MODULES | NOSE
            if any(not one.classes for one in tests):
                names |= _OF_FUNCTIONS
            yield from self._of_module(module, names)
        direct = dict.fromkeys(one.classes for one in tests if one.classes)
        for classes in direct:
            yield from self._of_class(classes, self._called_for(classes[-1].value))
        for outer, inner in _around(direct).items():
            yield from self._of_class(outer, _OF_CLASSES - self._replaced_in(inner))

    def uncalled(self, module: Module, tests: Iterable[Test]) -> Iterator[Hook]:
        """Yield each `asyncSetUp` or `asyncTearDown` that no class of the file calls.

        One that another class of the file calls is yielded for every class that does not.
        """
        found: dict[Function, list[Hook]] = {}
        called: set[Function] = set()
        for classes in dict.fromkeys(one.classes for one in tests if one.classes):
            for hook in self._of_class(classes, ASYNC_SETUP):
                if self.lacks_async_setup(classes[-1].value) and not self._is_named(hook):
                    found.setdefault(hook.function, []).append(hook)
                else:
                    called.add(hook.function)
        for function, hooks in found.items():
            if function in called:
                yield from (replace(hook, shared=True) for hook in hooks)
            else:
                yield from hooks[:1] if function.module is module else hooks

    def missing_helpers(self, module: Module, tests: Iterable[Test]) -> Iterator[HelperCall]:
        """Yield each call of a helper for async cleaning up that no class of the file has.

        A class with an `asyncSetUp` that is never called is left out: the cause is the same.
        """
        found: dict[HelperCall, None] = {}
        there: set[Function] = set()
        for owner in dict.fromkeys(one.owner for one in tests if one.owner is not None):
            methods = self._classes.methods(owner)
            own = {one for one in methods.values() if one is not None and one.module is module}
            if not self.lacks_async_setup(owner) or ASYNC_HELPERS & methods.keys():
                there |= own
            elif not ASYNC_SETUP & methods.keys():
                found |= {call: None for one in own for call in _helper_calls(one, owner)}
        yield from (one for one in found if one.function not in there)

    def lacks_async_setup(self, value: Class) -> bool:
        """Whether it is certain that a class does not call `asyncSetUp`."""
        is_known = self._classes.runs(value) is not Runs.UNKNOWN
        return is_known and not self._classes.has_async_setup(value)

    def _of_class(self, classes: tuple[Collected, ...], names: frozenset[str]) -> Iterator[Hook]:
        """Yield the methods of these names that a class has or inherits in the repository."""
        methods = self._classes.methods(classes[-1].value)
        for name in sorted(names & methods.keys()):
            if (function := methods[name]) is not None:
                yield Hook(name, function, classes)

    def _called_for(self, value: Class) -> frozenset[str]:
        if self._classes.runs(value) is Runs.PYTEST:
            return _OF_CLASSES | NOSE
        names = _OF_CLASSES | _OF_TEST_CASES
        return names | _OF_DJANGO if self._classes.is_of_django(value) else names

    def _replaced_in(self, inner: Iterable[Class]) -> frozenset[str]:
        """Return the names of methods that pytest looks up in the classes of the tests."""
        return _OF_METHODS.intersection(*(self._classes.methods(one) for one in inner))

    def _of_module(self, module: Module, names: frozenset[str]) -> Iterator[Hook]:
        for name in sorted(names & module.scope.bindings.keys()):
            found = self._resolver.bound(name, module, module.scope)
            if len(found) == 1 and isinstance(found[0], Function) and found[0].is_live:
                yield Hook(name, found[0])

    def _is_named(self, hook: Hook) -> bool:
        """Whether somebody besides its caller names the function: it may be awaited there."""
        if hook.owner is None:
            return _is_used(hook.name, hook.function.module)
        own = (one for one in self._resolver.mro(hook.owner) if isinstance(one, Class))
        return any(_is_referred_to(hook.name, one) for one in own)


def _around(
    direct: Mapping[tuple[Collected, ...], None],
) -> dict[tuple[Collected, ...], list[Class]]:
    """Return the classes that have no tests but in classes inside them, with those."""
    found: dict[tuple[Collected, ...], list[Class]] = {}
    for classes in direct:
        for end in range(1, len(classes)):
            if classes[:end] not in direct:
                found.setdefault(classes[:end], []).append(classes[-1].value)
    return found


def _is_conditional(function: Function) -> bool:
    """Whether it stands under a condition: it may be another Python's."""
    definition = function.definition
    return any(
        one.conditional and isinstance(one.meaning, Defined) and one.meaning.node is function.node
        for one in definition.scope.bindings.get(definition.name, ())
    )


def _helper_calls(function: Function, owner: Class) -> Iterator[HelperCall]:
    for call in own_nodes_of(function.node, ast.Call):
        match call.func:
            case ast.Attribute(value=ast.Name(id="self"), attr=name) as called:
                if name in ASYNC_HELPERS:
                    yield HelperCall(function, called, owner)
            case _:
                continue


def _is_used(name: str, module: Module) -> bool:
    names = (one for one in nodes_of(module.tree, ast.Name) if one.id == name)
    return any(isinstance(one.ctx, ast.Load) for one in names)


def _is_referred_to(name: str, value: Class) -> bool:
    """Whether a class names its method; that a method of that name names its parent's is none."""
    for statement in value.node.body:
        if getattr(statement, "name", None) == name:
            continue
        for node in every_node(statement):
            match node:
                case ast.Attribute(attr=attribute) if attribute == name:
                    return True
                case ast.Name(id=found) if found == name:
                    return True
                case ast.Constant(value=text) if text == name:
                    return True  # getattr(self, "setup_method")
                case _:
                    continue
    return False
