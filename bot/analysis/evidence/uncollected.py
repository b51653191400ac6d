"""Async tests that pytest passes by: in classes that it refuses, or never defined at run time."""

import ast
import re
from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.collection.decorators import Kind
from bot.analysis.collection.third_party import Runs
from bot.analysis.facts import Facts
from bot.analysis.names.values import Class, Function
from bot.analysis.pytest_runs.pytest_config import PytestRun
from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import FunctionNode, parameters_without_default
from bot.analysis.source.walking import nodes_of

# Where there are more files that might use a class, nobody looks through them.
_MAX_FILES = 500


def uncollected_classes(module: Module, facts: Facts) -> Iterator[Definition]:
    """Yield the classes of a file that pytest refuses for their constructor.

    A class that needs arguments, or that this file or others use by name, is taken for a helper,
    or a base of others. Of several of one name only the last can be a test, and which that is
    may depend on conditions.
    """
    runs = facts.setup.runs_for(module.path)
    for definition in module.classes():
        only = len(module.scope.bindings.get(definition.name, ())) == 1
        if definition.outer is None and only and not definition.typing_only:
            value = Class(module, definition)
            named = all(run.collects_class(definition.name) for run in runs)
            if named and _is_refused(value, facts) and _holds_tests(value, runs[0], facts):
                if not _is_helper(value, facts):
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


def _is_helper(value: Class, facts: Facts) -> bool:
    name = value.definition.name
    return (
        _needs_arguments(value, facts)
        or _is_used(name, value.module)
        or _is_used_elsewhere(name, value.module, facts)
    )


def _needs_arguments(value: Class, facts: Facts) -> bool:
    """Whether only other code can make an instance."""
    for name in ("__init__", "__new__"):
        for one in facts.resolver.class_attribute(value, name):
            if isinstance(one, Function) and len(parameters_without_default(one.node)) > 1:
                return True
    return False


def _is_used_elsewhere(name: str, module: Module, facts: Facts) -> bool:
    """Whether another file may use the class: it has its name, and that of its module."""
    project, stem = facts.project, module.path.rpartition("/")[2].removesuffix(".py")
    others = project.library.layout.python_files_near(module.path, _MAX_FILES)
    if others is None:
        return True
    words = [re.compile(rb"\b%b\b" % word.encode()) for word in (name, stem)]
    contents = (project.content(path) or b"" for path in others)
    return any(all(word.search(content) for word in words) for content in contents)


def _is_used(name: str, module: Module) -> bool:
    if any(one.id == name for one in nodes_of(module.tree, ast.Name)):
        return True
    return any(one.value == name for one in nodes_of(module.tree, ast.Constant))


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
