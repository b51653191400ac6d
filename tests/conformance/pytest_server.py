"""The process that has imported pytest: a script that forks once for every request.

It is a single thread, so that forking is sound. What is imported here is the standard library
and pytest itself, never a plugin: pytest rewrites the assertions of plugins as it imports them.
"""

import gc
import json
import os
import runpy
import signal
import sys
from collections.abc import Callable
from importlib import import_module, metadata
from types import ModuleType
from typing import Any, NoReturn

PRELOADED = (
    "asyncio",
    "codeop",
    "concurrent.futures.thread",
    "contextlib",
    "dataclasses",
    "email.parser",
    "faulthandler",
    "pdb",
    "pytest",
    "readline",
    "socket",
    "ssl",
    "tomllib",
    "typing",
    "unittest.async_case",
    "unittest.mock",
)
# Plugins that few projects have.
LEFT_OUT = (
    "aiohttp",
    "cacheprovider",
    "hypothesispytest",
    "platformdirs",
    "pytest_cov",
    "xdist",
    "xdist.looponfail",
)


def serve() -> None:
    """Answer one request a line until the client hangs up, be it before it has its answer."""
    for name in PRELOADED:
        import_module(name)
    for name in import_module("_pytest.config").default_plugins:
        _show_what_registers(import_module(f"_pytest.{name}"))
    _remember_installed()
    _load_plugins()
    gc.freeze()
    for line in sys.stdin:
        try:
            sys.stdout.write(json.dumps(_run(json.loads(line))) + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            os._exit(0)


def _load_plugins() -> None:
    """Start pytest as far as to have it import plugins: it rewrites their assertions."""
    switches = [part for name in LEFT_OUT for part in ("-p", f"no:{name}")]
    config = import_module("_pytest.config")._prepareconfig(
        ["-c", os.devnull, "--noconftest", *switches]
    )
    config._ensure_unconfigure()


def _remember_installed() -> None:
    """Read once what each installed distribution registers; every start of pytest asks all."""
    for name in ("entry_points", "files"):
        getter = getattr(metadata.Distribution, name).fget
        setattr(metadata.Distribution, name, property(_remembered(getter)))
    for one in metadata.distributions():
        if any(point.group == "pytest11" for point in one.entry_points):
            assert one.files is not None


def _show_what_registers(plugin: ModuleType) -> None:
    """Have `dir` name only hooks and fixtures: every start looks at all that it names."""
    shown = [name for name in dir(plugin) if _registers(name, getattr(plugin, name))]
    plugin.__dir__ = lambda: shown  # type: ignore[method-assign] # asked by `dir` (PEP 562)


def _registers(name: str, value: object) -> bool:
    # Before pytest 8.4 a fixture is a function that carries what it was declared with.
    is_fixture = type(value).__name__ == "FixtureFunctionDefinition"
    return name.startswith("pytest_") or is_fixture or hasattr(value, "_pytestfixturefunction")


def _remembered(getter: Callable[[Any], object]) -> Callable[[Any], object]:
    """Return a getter that computes once for every folder of metadata."""
    known: dict[str, object] = {}

    def remembering(distribution: Any) -> object:
        path = str(distribution._path)
        if path not in known:
            known[path] = getter(distribution)
        return known[path]

    return remembering


def _run(request: dict[str, Any]) -> str:
    """Return what pytest printed in a forked process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _become_pytest(request, writing)
    os.close(writing)
    with os.fdopen(reading, errors="replace") as output:
        printed = output.read()
    os.waitpid(child, 0)
    return printed


def _become_pytest(request: dict[str, Any], output: int) -> NoReturn:
    """Do what `python -m pytest` does, and end."""
    signal.alarm(request["seconds"])
    with open(os.devnull) as nothing:  # noqa: PTH123 - before anything of the project is known
        os.dup2(nothing.fileno(), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    on_path = request["env"].get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:1] = [request["cwd"], *filter(None, on_path)]
    sys.argv = ["pytest", *request["args"]]
    try:
        runpy.run_module("pytest", run_name="__main__", alter_sys=True)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    serve()
