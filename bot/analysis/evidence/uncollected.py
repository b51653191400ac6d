"""Async tests that pytest passes by: in classes that it refuses, or never defined at run time."""

import ast
from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.collection.decorators import Kind
from bot.analysis.collection.third_party import Runs
from bot.analysis.facts import Facts
from bot.analysis.names.values import Class, Function
from bot.analysis.pytest_runs.pytest_config import PytestRun
from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import FunctionNode
from bot.analysis.source.walking import every_node


def uncollected_classes(module: Module, facts: Facts) -> Iterator[Definition]:
    """Yield the classes of a file that pytest refuses for their constructor.

    A class that the file uses by name is taken for a helper, or a base of others.
    """
    runs = facts.setup.runs_for(module.path)
    for definition in module.classes():
        if definition.outer is None and not definition.typing_only:
            value = Class(module, definition)
            named = all(run.collects_class(definition.name) for run in runs)
            if named and _is_refused(value, facts) and _holds_tests(value, runs[0], facts):
                if not _is_used(definition.name, module):
                    yield definition


def _is_refused(value: Class, facts: Facts) -> bool:
    classes = facts.classes
    if classes.runs(value) is not Runs.PYTEST or classes.has_unknown_base(value):
        return False
    if classes.says_of_itself(value) is Answer.NO or classes.is_abstract(value):
        return False
    return classes.has_constructor(value) and not _leaves_constructor_out(value)


def _leaves_constructor_out(value: Class) -> bool:
    """Whether a decorator is told about `init` (`@dataclass(init=False)`)."""
    return any(
        keyword.arg in {"init", None}
        for node in value.node.decorator_list
        if isinstance(node, ast.Call)
        for keyword in node.keywords
    )


def _holds_tests(value: Class, run: PytestRun, facts: Facts) -> bool:
    return any(
        function is not None
        and isinstance(function.node, ast.AsyncFunctionDef)
        and run.collects_function(name)
        and facts.decorators.decorated(function).kind is Kind.COROUTINE
        for name, function in facts.classes.methods(value).items()
    )


def _is_used(name: str, module: Module) -> bool:
    return any(
        (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.Constant) and node.value == name)
        for node in every_node(module.tree)
    )


def tests_for_type_checkers(module: Module, facts: Facts) -> Iterator[Definition]:
    """Yield the async tests that stand below `if TYPE_CHECKING:` and nowhere else."""
    if "TYPE_CHECKING" not in module.source.text:
        return
    run = facts.setup.runs_for(module.path)[0]
    for statement in module.tree.body:
        if isinstance(statement, ast.If) and _is_type_checking(statement.test):
            for node in statement.body:
                if isinstance(node, FunctionNode) and run.collects_function(node.name):
                    definition = module.definition(node)
                    if _is_lost(definition, module, facts):
                        yield definition


def _is_type_checking(test: ast.expr) -> bool:
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
        case _:
            return False


def _is_lost(definition: Definition, module: Module, facts: Facts) -> bool:
    only = len(module.scope.bindings.get(definition.name, ())) == 1
    kind = facts.decorators.decorated(Function(module, definition)).kind
    return only and isinstance(definition.node, ast.AsyncFunctionDef) and kind is Kind.COROUTINE
