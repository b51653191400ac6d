"""How tests come by a browser, and what they say when there is none."""

import os
import subprocess
import sys
from pathlib import Path

from tests.browser import MISSING, SWITCH

ONE_TEST = "tests/sandbox/pages/test_in_browser.py::test_a_webhook_is_sent_again_by_a_press"


def run_without_chromium(folder: Path, **environment: str) -> str:
    """Run a browser test where neither Chromium nor apt is on the path."""
    git = next(
        Path(place) / "git" for place in os.get_exec_path() if (Path(place) / "git").exists()
    )
    (folder / "git").symlink_to(git)
    bare = {name: value for name, value in os.environ.items() if name != SWITCH}
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:xdist", ONE_TEST],
        env=bare | {"PATH": str(folder)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.stdout


def test_without_a_browser_the_tests_say_in_one_line_what_to_install(tmp_path: Path) -> None:
    output = run_without_chromium(tmp_path)

    assert f"\n{MISSING}\n" in output
    assert "Traceback" not in output
    assert "1 error" in output


def test_the_switch_skips_them(tmp_path: Path) -> None:
    output = run_without_chromium(tmp_path, **{SWITCH: "1"})

    assert "1 skipped" in output
