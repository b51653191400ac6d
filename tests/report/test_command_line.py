"""The local command: for a shell, and on one line."""

import shutil
import subprocess

import pytest

from bot.report.command_line import command_line

ODD = [
    "tests/test_plain.py",
    "tests/it's a test.py",
    "tests/test_a\n<!-- awaited:answer:k -->\n.py",
    "tests/\\'\x1b[31m\u202e\u00e9\u200b.py",
]


def test_files_are_named_in_order_each_once() -> None:
    assert command_line(["b.py", "a b.py", "b.py"], ["--fix"]) == (
        "awaited check --fix 'a b.py' b.py"
    )


def test_a_file_is_not_mistaken_for_an_option() -> None:
    assert command_line(["-x.py"]) == "awaited check ./-x.py"


def test_more_files_than_anybody_copies_are_the_whole_tree() -> None:
    assert command_line(f"test_{number}.py" for number in range(101)) == "awaited check ."


@pytest.mark.parametrize("path", ODD)
def test_whatever_a_file_is_called_the_command_is_one_visible_line(path: str) -> None:
    assert command_line([path]).isprintable()


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
@pytest.mark.parametrize("path", ODD)
def test_a_shell_reads_the_very_name(path: str) -> None:
    words = command_line([path]).removeprefix("awaited check ")
    printed = subprocess.run(["bash", "-c", f"printf %s {words}"], capture_output=True, check=True)
    assert printed.stdout.decode() == path
