"""Nox sessions: a noxfile is Python, read as far as its values are written out."""

import ast
from collections.abc import Iterator, Sequence

from msgspec import Struct

from bot.analysis.pytest_runs.config_files import ConfigFiles, join, parent
from bot.analysis.pytest_runs.invocation import PYTEST_VARIABLES, Invocation
from bot.analysis.pytest_runs.invocations.launcher import launch_of
from bot.analysis.pytest_runs.invocations.shell import place_of
from bot.analysis.pytest_runs.shell_words import HIDDEN
from bot.analysis.source.stdlib_parser import module_of

RUNNING = frozenset({"run", "run_always", "run_install"})
INSTALLING = frozenset({"install", "run_install"})
Names = dict[str, ast.expr]


class Place(Struct):
    """The folder that a session is in."""

    folder: str


def from_nox(files: ConfigFiles) -> Iterator[Invocation]:
    """Yield what the sessions of each noxfile start."""
    for path in sorted(files.texts):
        for function, names in _sessions(files, path):
            place = Place(parent(path))
            for call, method in _session_calls(function):
                if method in {"chdir", "cd"}:
                    place.folder = _entered(files, place.folder, call, names)
                elif method in RUNNING:
                    yield from _invocation(call, names, place, f"{path}:{call.lineno}")


def nox_installs(files: ConfigFiles, path: str) -> Iterator[str]:
    """Yield the words of every `session.install(...)` that are written out."""
    for function, names in _sessions(files, path):
        for call, method in _session_calls(function):
            if method in INSTALLING:
                yield from _words(call.args, names)


def _sessions(files: ConfigFiles, path: str) -> Iterator[tuple[ast.AST, Names]]:
    """Yield the functions of a noxfile, each with the values that it can see."""
    if path.rpartition("/")[2] != "noxfile.py":
        return
    try:
        tree = module_of(files.text(path) or "")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    shared = _assigned(tree.body)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            inner = [one for one in ast.walk(node) if isinstance(one, ast.stmt)]
            yield node, {**shared, **_assigned(inner)}


def _assigned(statements: Sequence[ast.stmt]) -> Names:
    """Return values by name; a name that is given two values has none."""
    names: Names = {}
    for node in statements:
        for target, value in _targets(node):
            names[target] = ast.Name(HIDDEN) if target in names else value
    return names


def _targets(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.AugAssign(target=ast.Name(id=name), value=value):
            yield name, value
        case _:
            pass


def _session_calls(function: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Yield the method calls in the order in which they are written."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
        if isinstance(call.func, ast.Attribute):
            yield call, call.func.attr


def _entered(files: ConfigFiles, folder: str, call: ast.Call, names: Names) -> str:
    words = list(_words(call.args, names))
    return place_of(files, join(folder, words[0]) if len(words) == 1 else None).folder


def _invocation(call: ast.Call, names: Names, place: Place, origin: str) -> Iterator[Invocation]:
    launch = launch_of(list(_words(call.args, names)))
    if launch is None:
        return
    environment = {**_environment(call, names), **launch.environment}
    yield Invocation(
        origin,
        place.folder if launch.placed else HIDDEN,
        launch.words,
        tuple((name, environment[name]) for name in PYTEST_VARIABLES if name in environment),
        placed=HIDDEN not in place.folder and launch.placed,
    )


def _environment(call: ast.Call, names: Names) -> dict[str, str]:
    for keyword in call.keywords:
        value = keyword.value
        if isinstance(value, ast.Name):
            value = names.get(value.id, value)
        if keyword.arg == "env" and isinstance(value, ast.Dict):
            pairs = zip(value.keys, value.values, strict=True)
            return {_text(key): _text(one) for key, one in pairs if key is not None}
    return {}


def _words(arguments: Sequence[ast.expr], names: Names, depth: int = 0) -> Iterator[str]:
    """Yield arguments as words; `*session.posargs` is none, because none are given."""
    for argument in arguments:
        match argument:
            case ast.Starred(value=value):
                yield from _unpacked(value, names, depth)
            case ast.Name(id=name) if name in names and depth < 4:  # noqa: PLR2004 - a bound
                yield from _words([names[name]], names, depth + 1)
            case _:
                yield _text(argument)


def _unpacked(value: ast.expr, names: Names, depth: int) -> Iterator[str]:
    match value:
        case ast.Attribute(attr="posargs"):
            return
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            yield from _words(elements, names, depth)
        case ast.BoolOp(op=ast.Or(), values=[*_, last]) | ast.IfExp(orelse=last):
            yield from _unpacked(last, names, depth)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _unpacked(left, names, depth)
            yield from _unpacked(right, names, depth)
        case ast.Name(id=name) if name in names and depth < 4:  # noqa: PLR2004 - a bound
            yield from _unpacked(names[name], names, depth + 1)
        case _:
            yield HIDDEN


def _text(node: ast.expr) -> str:
    """Return the text of a literal, with what is computed in it hidden."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_text(value) for value in values)
        case _:
            return HIDDEN
