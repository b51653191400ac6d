"""`awaited check` as other programs start it: pipes, terminals, signals."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import CLEAN, NEVER_RUNS, Tree
from tests.isolation.trial import alive, children_of

AWAITED = Path(sys.executable).parent / "awaited"


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def test_a_reader_that_goes_away_is_no_error(tree: Tree) -> None:
    root = tree({"test_a.py": NEVER_RUNS})
    reading, writing = os.pipe()
    os.close(reading)

    run = subprocess.run(
        [AWAITED, "check"], cwd=root, stdout=writing, stderr=subprocess.PIPE, check=False
    )

    os.close(writing)
    assert (run.returncode, run.stderr) == (1, b"")


@pytest.mark.parametrize("options", [[], ["--json"], ["--diff"]])
def test_a_closed_standard_output_is_no_error(tree: Tree, options: list[str]) -> None:
    root = tree({"test_a.py": CLEAN})
    command = f"exec '{AWAITED}' check {' '.join(options)} >&-"

    run = subprocess.run(["sh", "-c", command], cwd=root, stderr=subprocess.PIPE, check=False)

    assert run.returncode == 0
    assert b"Traceback" not in run.stderr


def test_a_full_disk_is_an_error_of_its_own(tree: Tree) -> None:
    root = tree({"test_a.py": CLEAN})

    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(
            [AWAITED, "check"], cwd=root, stdout=full, stderr=subprocess.PIPE, check=False
        )

    assert run.returncode == 2
    assert run.stderr == b"awaited: [Errno 28] No space left on device\n"


@pytest.mark.parametrize(("variable", "coloured"), [("COLORTERM", True), ("NO_COLOR", False)])
def test_colour_is_for_terminals_that_want_it(
    tree: Tree,
    variable: str,
    coloured: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    root = tree({"test_a.py": NEVER_RUNS})
    controller, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", variable: "1"}

    with subprocess.Popen(
        [AWAITED, "check"], cwd=root, stdout=terminal, stderr=terminal, env=environment
    ) as process:
        os.close(terminal)
        shown = b""
        while True:
            try:
                shown += os.read(controller, 65536)
            except OSError:  # the terminal is closed
                break
    os.close(controller)

    assert process.returncode == 1
    assert b"AWT103" in shown
    assert (b"\x1b[1;31mAWT103" in shown) is coloured


def test_interrupting_ends_everything(tree: Tree) -> None:
    # Long enough to be interrupted in: the analysis of each file takes a little.
    root = tree({f"test_{number}.py": NEVER_RUNS * 40 for number in range(120)})
    with subprocess.Popen(
        [AWAITED, "check"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell that starts the tests in the background has them ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        until(lambda: bool(grandchildren(process.pid)))
        family = [*children_of(process.pid), *grandchildren(process.pid)]

        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)

    assert process.returncode == 130
    assert out == b""
    assert b"Traceback" not in err
    until(lambda: not any(alive(pid) for pid in family))


def test_a_killed_check_leaves_nothing_running(tree: Tree) -> None:
    root = tree({f"test_{number}.py": NEVER_RUNS * 40 for number in range(120)})
    with subprocess.Popen(
        [AWAITED, "check"], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        until(lambda: bool(grandchildren(process.pid)))
        family = [*children_of(process.pid), *grandchildren(process.pid)]

        process.kill()

    until(lambda: not any(alive(pid) for pid in family))


def grandchildren(pid: int) -> list[int]:
    try:
        return [one for child in children_of(pid) for one in children_of(child)]
    except FileNotFoundError:
        return []
