"""Run as a script by `python -I`: becomes the forkserver with the parent's import path.

`-I` keeps the working directory, PYTHON* variables and the user's site directory out. The parent
then says where to import from, and which folder is `bot`, because a package of that name may
well lie in front of it on the path.
"""

import json
import socket
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path


def load_package(folder: Path) -> None:
    """Make `folder` the package `bot`, whatever the import path holds."""
    loader = SourceFileLoader("bot", str(folder / "__init__.py"))
    spec = ModuleSpec("bot", loader, origin=loader.path, is_package=True)
    spec.submodule_search_locations = [str(folder)]
    spec.has_location = True
    sys.modules["bot"] = package = module_from_spec(spec)
    loader.exec_module(package)


def main(argument: str) -> None:
    """Become the forkserver that `argument`, a JSON object, describes."""
    start = json.loads(argument)
    sys.path[:] = start["path"]
    load_package(Path(__file__).resolve().parents[1])
    # Only now is `bot` the right one.
    from bot.isolation.forkserver import ForkServer, load  # noqa: PLC0415
    from bot.isolation.frames import Task  # noqa: PLC0415
    from bot.isolation.limits import Limits  # noqa: PLC0415

    names = {Task(task): name for task, name in start["tasks"].items()}
    # Before the socket is opened: what goes wrong is said before it closes.
    tasks = load(names, libcst=start["libcst"])
    with socket.socket(fileno=start["control"]) as control:
        ForkServer(control, tasks, Limits(**start["limits"])).serve()


if __name__ == "__main__":
    main(sys.argv[1])
