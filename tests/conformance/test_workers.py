"""The processes that judge end with the one that started them."""

import signal
import subprocess
import sys


def test_no_process_is_left_behind_by_one_that_is_ended() -> None:
    """All of them write to the same standard error, which ends with the last of them."""
    judging = subprocess.Popen(
        [sys.executable, "-m", "tests.conformance", "--verbose", "--examples", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert judging.stdout is not None
    first = judging.stdout.readline()

    judging.send_signal(signal.SIGTERM)
    _, said = judging.communicate(timeout=120)

    assert first.startswith("# ")
    assert judging.returncode == 128 + signal.SIGTERM
    assert said == ""
