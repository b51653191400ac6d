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
from importlib import import_module
from typing import Any, NoReturn

PRELOADED = (
    "asyncio",
    "concurrent.futures.thread",
    "contextlib",
    "dataclasses",
    "pytest",
    "socket",
    "ssl",
    "tomllib",
    "typing",
    "unittest.mock",
)


def serve() -> None:
    """Answer one request a line until the client hangs up."""
    for name in PRELOADED:
        import_module(name)
    for name in import_module("_pytest.config").default_plugins:
        import_module(f"_pytest.{name}")
    gc.freeze()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_run(json.loads(line))) + "\n")
        sys.stdout.flush()


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
