"""A tiny analysis that speaks the real one's protocol, and misbehaves as the content asks.

The forkserver imports it by name, from a folder that the tests put on the import path.
"""

import ctypes
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import libcst

from bot.analysis import progress
from bot.analysis.errors import UserError
from bot.analysis.finding import FileError, Finding, Location, Severity
from bot.analysis.request import Asking, Content, FixPlan, Report, Request, Unreadable
from bot.analysis.shelf import Shelf


def analyse(request: Request) -> Asking[Report]:
    contents = yield frozenset(request.named)
    errors = [FileError(path, "quarantined") for path in request.quarantined]
    notes: list[str] = []
    for path in request.named:
        if path not in request.quarantined:
            notes += _look_at(path, contents[path], errors)
    wanted = frozenset(note.removeprefix("more ") for note in notes if note.startswith("more "))
    while wanted:
        contents = yield wanted
        notes += [f"{path}={contents[path]!r}" for path in sorted(wanted)]
        wanted = wanted if "forever" in wanted else frozenset()
    checked = tuple(path for path in request.named if path not in request.quarantined)
    return Report(checked, (_finding(),), tuple(errors), notes=tuple(notes))


def check_part(request: Request, _: Shelf) -> Asking[Report]:
    return analyse(request)


def plan_fixes(request: Request) -> Asking[FixPlan]:
    contents = yield frozenset(request.named)
    report = Report(request.named, ())
    files = {path: b"fixed " + _bytes(contents[path]) for path in request.named}
    return FixPlan(files, (_finding(),), report, report)


def answers_what_it_was_not_asked(request: Request) -> Asking[Report]:
    yield frozenset()
    return Report(request.named, ())


def _finding() -> Finding:
    place = Location("test_x.py", 1, 1, 1, 5)
    return Finding("AWT103", "unhandled", place, Severity.FAILURE, "\ud800 é", "test_x")


def _look_at(path: str, content: Content, errors: list[FileError]) -> list[str]:
    if isinstance(content, Unreadable):
        errors.append(FileError(path, content.reason))
        return []
    verb, _, rest = _bytes(content).decode().partition(" ")
    return VERBS[verb](path, rest) or []


def _bytes(content: Content) -> bytes:
    return content if isinstance(content, bytes) else b""


def _libcst(path: str, source: str) -> None:
    progress.announce(path)
    libcst.parse_module(source)
    progress.announce("")


def _endless(path: str, announced: str) -> None:
    if announced:
        progress.announce(path)
    while True:
        pass


def _sleep(path: str, announced: str) -> None:
    if announced:
        progress.announce(path)
    time.sleep(600)


def _get_no_processor(path: str, seconds: str) -> None:
    progress.announce(path)
    select.select([], [], [], float(seconds))


def _bomb(path: str, announced: str) -> None:
    if announced:
        progress.announce(path)
    try:
        held = [b""]
        while True:
            held.append(bytes(32 * 1024 * 1024))
    finally:
        progress.announce("")


def _die(_: str, how: str) -> None:
    match how:
        case "abort":
            os.abort()
        case "segfault":
            ctypes.string_at(0)
        case "exit":
            os._exit(7)
        case _:
            os.kill(os.getpid(), signal.SIGKILL)


def _blame(_: str, path: str) -> None:
    progress.announce(path)
    os.abort()


def _what_it_has(*_: str) -> list[str]:
    descriptors = [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]
    return [
        json.dumps(
            {
                "environment": dict(os.environ),
                "isolated": sys.flags.isolated,
                "cwd": str(Path.cwd()),
                "session": os.getsid(0) == os.getpid(),
                "path": sys.path,
                "descriptors": [number for number in descriptors if _is_open(number)],
            }
        )
    ]


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _write(_: str, path: str) -> None:
    Path(path).write_bytes(b"written")


def _grandchild(_: str, __: str) -> list[str]:
    pid = os.fork()
    if pid == 0:
        time.sleep(600)
    return [f"pid {pid}"]


def _kill_server(*_: str) -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)


def _kill_server_once(_: str, marker: str) -> list[str]:
    if Path(marker).exists():
        return ["second"]
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)
    return []


def _say_nonsense(*_: str) -> None:
    os.write(3, b"\0\0\0\3abc")
    time.sleep(600)


def _claim_too_much(*_: str) -> None:
    os.write(3, b"\xff\xff\xff\xff")
    time.sleep(600)


def _user_error(_: str, words: str) -> None:
    raise UserError(words)


def _bug(*_: str) -> None:
    raise KeyError("a bug")


VERBS: Mapping[str, Callable[[str, str], list[str] | None]] = {
    "": lambda *_: None,
    "libcst": _libcst,
    "endless": _endless,
    "sleep": _sleep,
    "get-no-processor": _get_no_processor,
    "bomb": _bomb,
    "die": _die,
    "blame": _blame,
    "has": _what_it_has,
    "write": _write,
    "grandchild": _grandchild,
    "kill-server": _kill_server,
    "kill-server-once": _kill_server_once,
    "nonsense": _say_nonsense,
    "too-much": _claim_too_much,
    "user": _user_error,
    "bug": _bug,
    "pid": lambda *_: [f"pid {os.getpid()}"],
    "more": lambda _, path: [f"more {path}"],
}
