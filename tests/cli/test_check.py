"""What `awaited check` prints, writes, and exits with."""

import errno
import os
import stat
import subprocess
from pathlib import Path

import pytest

from bot.analysis.request import Content
from bot.cli.local_file import read, replace
from tests.cli.conftest import CLEAN, IN_TESTCASE, NEVER_RUNS, Awaited, Tree

FIXED = NEVER_RUNS.replace("async def", "@pytest.mark.asyncio\nasync def")


def test_a_clean_tree_exits_with_zero(tree: Tree, awaited: Awaited) -> None:
    tree({"test_a.py": CLEAN})

    run = awaited("check")

    assert (run.code, run.out, run.err) == (0, "Checked 1 file: nothing to report.\n", "")


def test_a_finding_exits_with_one_and_names_its_place(tree: Tree, awaited: Awaited) -> None:
    tree({"tests/test_a.py": NEVER_RUNS})

    run = awaited("check")

    assert run.code == 1
    assert run.out.startswith("tests/test_a.py:4:1: AWT103 [*] ")
    assert "Checked 1 file: 1 finding.\n" in run.out
    assert run.out.endswith("[*] 1 can be fixed with `--fix`.\n")


def test_json_is_what_was_promised(tree: Tree, awaited: Awaited) -> None:
    tree({"tests/test_a.py": NEVER_RUNS, "tests/test_b.py": b"\xff"})

    run = awaited("check", "--format", "json")

    assert run.code == 1
    assert run.err == ""
    message = run.json["findings"][0].pop("message")
    assert "test_never" in message
    assert run.json.keys() == {"version", "files", "findings", "errors"}
    assert run.json["version"] == 1
    assert run.json["files"] == 1
    finding = run.json["findings"][0]
    del finding["message"]
    assert finding == {
        "code": "AWT103",
        "name": "unhandled-async-test",
        "path": "tests/test_a.py",
        "line": 4,
        "column": 1,
        "end_line": 4,
        "end_column": 21,
        "severity": "failure",
        "symbol": "test_never",
        "fix": {
            "safety": "safe",
            "title": "Mark with `@pytest.mark.asyncio`",
            "edits": [
                {
                    "path": "tests/test_a.py",
                    "start": 16,
                    "end": 16,
                    "replacement": "@pytest.mark.asyncio\n",
                }
            ],
        },
    }
    (error,) = run.json["errors"]
    assert error["path"] == "tests/test_b.py"
    assert "PEP 263" in error["reason"]


@pytest.mark.parametrize("alias", [["--json"], ["--format", "json"]])
def test_json_of_a_clean_tree_says_so(tree: Tree, awaited: Awaited, alias: list[str]) -> None:
    tree({"test_a.py": CLEAN})

    run = awaited("check", *alias)

    assert run.code == 0
    assert run.json == {"version": 1, "files": 1, "findings": [], "errors": []}


def test_paths_are_relative_to_the_working_directory(
    tree: Tree, awaited: Awaited, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree({"one/test_a.py": NEVER_RUNS, "two/keep.txt": ""})
    monkeypatch.chdir(root / "two")

    run = awaited("check", root, "--json")

    (finding,) = run.json["findings"]
    assert finding["path"] == "../one/test_a.py"
    assert finding["fix"]["edits"][0]["path"] == "../one/test_a.py"


def test_what_cannot_be_told_is_said_to_who_asks(tree: Tree, awaited: Awaited) -> None:
    tree({"test_a.py": "from elsewhere import deco\n\n\n@deco\nasync def test_a():\n    pass\n"})

    default, strict = awaited("check", "--json"), awaited("check", "--strict-unknown", "--json")

    assert default.json["findings"] == []
    (finding,) = strict.json["findings"]
    assert (finding["code"], finding["line"], finding["severity"]) == ("AWT103", 5, "notice")
    assert finding["message"].endswith("cannot be told: a decorator cannot be followed")
    assert default.code == strict.code == 0


def test_an_unsafe_fix_is_offered_only_to_who_asks(tree: Tree, awaited: Awaited) -> None:
    tree({"test_a.py": NEVER_RUNS + "\n\n" + IN_TESTCASE})

    default, unsafe = awaited("check"), awaited("check", "--unsafe-fixes")

    assert default.out.count("[*] async") == 1
    assert "1 can be fixed with `--fix` (1 more with `--fix --unsafe-fixes`)" in default.out
    assert unsafe.out.count("[*] async") == 2
    assert "2 can be fixed with `--fix --unsafe-fixes`" in unsafe.out
    assert default.code == unsafe.code == 1


def test_only_an_unsafe_fix_is_not_called_fixable(tree: Tree, awaited: Awaited) -> None:
    tree({"test_a.py": IN_TESTCASE})

    run = awaited("check")

    assert "\n1 can be fixed with `--fix --unsafe-fixes`.\n" in run.out


def test_fix_writes_safe_fixes_and_reports_what_is_left(tree: Tree, awaited: Awaited) -> None:
    root = tree({"test_a.py": NEVER_RUNS, "test_b.py": IN_TESTCASE})

    run = awaited("check", "--fix")

    assert run.code == 1
    assert (root / "test_a.py").read_text() == FIXED
    assert (root / "test_b.py").read_text() == IN_TESTCASE
    assert "Fixed 1 finding in 1 file.\n" in run.out
    assert "may fail: test_a.py::test_never.\n" in run.out
    assert "test_b.py:5:5: AWT101 " in run.out
    assert "Checked 2 files: 1 finding left.\n" in run.out


def test_fixing_everything_exits_with_zero(tree: Tree, awaited: Awaited) -> None:
    root = tree({"test_a.py": NEVER_RUNS, "test_b.py": IN_TESTCASE})

    run = awaited("check", "--fix", "--unsafe-fixes")

    assert run.code == 0
    assert "IsolatedAsyncioTestCase" in (root / "test_b.py").read_text()
    assert run.out.endswith("Checked 2 files: nothing is left to report.\n")
    assert awaited("check").code == 0


def test_fix_with_json_says_what_was_fixed_and_what_is_left(tree: Tree, awaited: Awaited) -> None:
    tree({"test_a.py": NEVER_RUNS, "test_b.py": IN_TESTCASE})

    run = awaited("check", "--fix", "--json")

    assert [one["code"] for one in run.json["findings"]] == ["AWT101"]
    assert [one["code"] for one in run.json["fixed"]] == ["AWT103"]


@pytest.mark.parametrize("spelling", [["--diff"], ["--diff", "--fix"]])
def test_diff_shows_what_would_change_and_writes_nothing(
    tree: Tree, awaited: Awaited, spelling: list[str]
) -> None:
    root = tree({"tests/test_a.py": NEVER_RUNS, "tests/test_b.py": IN_TESTCASE})

    run = awaited("check", *spelling)

    assert run.code == 1
    assert run.out.splitlines() == [
        "--- a/tests/test_a.py",
        "+++ b/tests/test_a.py",
        "@@ -1,5 +1,6 @@",
        " import pytest",
        " ",
        " ",
        "+@pytest.mark.asyncio",
        " async def test_never():",
        "     assert True",
    ]
    assert run.err == "1 finding of 2 would be fixed.\n"
    assert (root / "tests/test_a.py").read_text() == NEVER_RUNS


def test_a_diff_is_a_patch_for_git(tree: Tree, awaited: Awaited) -> None:
    root = tree({"odd name é.py": CLEAN, "test with space.py": NEVER_RUNS.replace("\n", "\r\n")})
    diff = awaited("check", "--diff", "test with space.py").out.encode()

    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "apply", "-"], cwd=root, input=diff, check=True)

    assert (root / "test with space.py").read_bytes() == FIXED.replace("\n", "\r\n").encode()


def test_diff_with_json_is_in_the_json(tree: Tree, awaited: Awaited) -> None:
    tree({"test_a.py": NEVER_RUNS})

    run = awaited("check", "--diff", "--json")

    assert run.code == 1
    assert "+@pytest.mark.asyncio\n" in str(run.json["diff"])
    assert len(run.json["findings"]) == 1
    assert run.err == ""


def test_a_diff_of_a_clean_tree_is_empty(tree: Tree, awaited: Awaited) -> None:
    tree({"test_a.py": CLEAN})

    run = awaited("check", "--diff")

    assert (run.code, run.out) == (0, "")


def test_a_syntax_error_is_a_finding_and_the_others_are_checked(
    tree: Tree, awaited: Awaited
) -> None:
    tree({"test_a.py": "def test_(:\n", "test_b.py": NEVER_RUNS})

    run = awaited("check", "--json")

    codes = {one["path"]: one["code"] for one in run.json["findings"]}
    assert codes == {"test_a.py": "AWT001", "test_b.py": "AWT103"}


def test_a_file_that_is_too_large_is_an_error_and_the_others_are_checked(
    tree: Tree, awaited: Awaited
) -> None:
    tree({"test_a.py": "#" * (1024 * 1024 + 1), "test_b.py": CLEAN})

    run = awaited("check")

    assert run.code == 1
    assert run.err == "test_a.py: error: larger than 1 MiB (1.00 MiB)\n"
    assert run.out == "Checked 1 file: nothing to report. 1 file could not be checked.\n"


def test_a_file_that_crashes_libcst_is_an_error_and_the_others_are_checked(
    tree: Tree, awaited: Awaited
) -> None:
    crash = "x = f'{" + "(" * 2000 + "1" + ")" * 2000 + "}'\ntype X = int\n"
    tree({"test_a.py": crash, "test_b.py": NEVER_RUNS})

    run = awaited("check", "--json")

    assert run.code == 1
    assert [one["path"] for one in run.json["errors"]] == ["test_a.py"]
    assert [one["path"] for one in run.json["findings"]] == ["test_b.py"]


@pytest.mark.parametrize(
    "arguments", [["--file", "test_a.py"], ["--dir", "."], ["test_a.py"], ["--file=test_a.py"]]
)
def test_the_spellings_of_the_older_script_are_understood(
    tree: Tree, awaited: Awaited, arguments: list[str]
) -> None:
    root = tree({"test_a.py": NEVER_RUNS})

    assert awaited("check", *arguments).code == 1
    assert awaited("check", *arguments, "--fix").code == 0
    assert (root / "test_a.py").read_text() == FIXED


def test_a_path_that_does_not_exist_is_a_usage_error(tree: Tree, awaited: Awaited) -> None:
    tree({"test_a.py": CLEAN})

    run = awaited("check", "test_a.py", "nowhere.py", "--json")

    assert (run.code, run.out) == (2, "")
    assert run.err == "awaited: nowhere.py: No such file or directory\n"


def test_a_working_directory_that_is_gone_is_a_usage_error(tree: Tree, awaited: Awaited) -> None:
    root = tree({"sub/test_a.py": CLEAN})
    os.chdir(root / "sub")
    (root / "sub/test_a.py").unlink()
    (root / "sub").rmdir()

    assert awaited("check").code == 2


def test_an_unknown_option_is_a_usage_error(awaited: Awaited) -> None:
    run = awaited("check", "--nonsense")

    assert run.code == 2
    assert "--nonsense" in run.err


def test_a_broken_configuration_of_this_tool_is_no_traceback(tree: Tree, awaited: Awaited) -> None:
    tree({"test_a.py": CLEAN, "pyproject.toml": "[tool.pytest"})

    assert "Traceback" not in awaited("check").err


@pytest.mark.parametrize(
    "name",
    [
        "test_ space.py",
        "test_ü.py",
        "test_\n.py",
        "test_\x1b[31m.py",
        os.fsdecode(b"test_\xe9.py"),
    ],
)
def test_hostile_file_names_are_shown_with_escapes(
    tree: Tree, awaited: Awaited, name: str
) -> None:
    root = tree({name: NEVER_RUNS})

    text, json = awaited("check"), awaited("check", "--json")
    fixed = awaited("check", "--fix")

    assert text.out.splitlines()[0].endswith("no marker, mode, plugin or fixture runs it")
    assert "\x1b" not in text.out
    assert len(json.json["findings"]) == 1
    assert fixed.code == 0
    assert (root / name).read_text() == FIXED


def test_a_fifo_is_never_waited_for(tree: Tree, awaited: Awaited) -> None:
    root = tree({"test_a.py": CLEAN})
    os.mkfifo(root / "test_pipe.py")

    assert awaited("check").code == 0
    run = awaited("check", "test_pipe.py")

    assert run.code == 1
    assert run.err == "test_pipe.py: error: it is not a regular file\n"


def test_broken_links_are_no_files(tree: Tree, awaited: Awaited) -> None:
    root = tree({"test_a.py": CLEAN})
    (root / "test_broken.py").symlink_to("nowhere.py")
    (root / "test_circle.py").symlink_to("test_circle.py")

    assert awaited("check").code == 0
    assert awaited("check", "test_broken.py").code == 2
    assert awaited("check", "test_circle.py").code == 2


def test_a_link_stays_a_link_when_its_file_is_fixed(tree: Tree, awaited: Awaited) -> None:
    root = tree({"shared/code.py": NEVER_RUNS})
    (root / "test_link.py").symlink_to("shared/code.py")

    assert awaited("check", "--fix").code == 0
    assert (root / "test_link.py").is_symlink()
    assert (root / "shared/code.py").read_text() == FIXED


def test_a_link_out_of_the_tree_is_not_followed_to_write(tree: Tree, awaited: Awaited) -> None:
    root = tree({"test_a.py": CLEAN})
    outside = root.parent / "outside.py"
    outside.write_text(NEVER_RUNS)
    (root / "test_link.py").symlink_to(outside)

    run = awaited("check", "--fix")

    assert run.code == 1
    assert "test_link.py: error: it was not fixed" in run.err
    assert "test_link.py:4:1: AWT103" in run.out
    assert outside.read_text() == NEVER_RUNS


def test_a_fixed_file_keeps_its_mode(tree: Tree, awaited: Awaited) -> None:
    root = tree({"test_a.py": NEVER_RUNS})
    (root / "test_a.py").chmod(0o751)

    awaited("check", "--fix")

    assert stat.S_IMODE((root / "test_a.py").stat().st_mode) == 0o751
    kept = {".git", ".awaited_cache"}
    assert [path.name for path in root.iterdir() if path.name not in kept] == ["test_a.py"]


def test_nothing_is_written_if_a_file_changed_meanwhile(
    tree: Tree, awaited: Awaited, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree({"test_a.py": NEVER_RUNS, "test_b.py": NEVER_RUNS})

    def read_and_change(path: str) -> Content:
        content = read(path)
        if path.endswith("test_b.py"):
            with Path(path).open("a") as file:
                file.write("# later\n")
        return content

    monkeypatch.setattr("bot.cli.local_tree.read", read_and_change)
    run = awaited("check", "--fix")

    assert run.code == 1
    assert "test_b.py: error: it changed while it was checked" in run.err
    assert (root / "test_a.py").read_text() == NEVER_RUNS
    assert run.out.count("AWT103") == 2
    assert "Fixed" not in run.out


def test_what_could_not_be_written_is_looked_at_again(
    tree: Tree, awaited: Awaited, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree({"test_a.py": NEVER_RUNS, "test_b.py": NEVER_RUNS})

    def replace_one(path: Path, content: bytes) -> None:
        if path.name == "test_a.py":
            raise PermissionError(errno.EACCES, "Permission denied")
        replace(path, content)

    monkeypatch.setattr("bot.cli.write_fixes.replace", replace_one)
    run = awaited("check", "--fix")

    assert run.code == 1
    assert run.err == "test_a.py: error: it was not fixed: Permission denied\n"
    assert "test_a.py:4:1: AWT103" in run.out
    assert "Fixed 1 finding in 1 file." in run.out
    assert run.out.endswith(
        "Checked 2 files: 1 finding left. 1 file could not be checked or fixed.\n"
        "[*] 1 can be fixed with `--fix`.\n"
    )
    assert (root / "test_b.py").read_text() == FIXED


def test_a_directory_that_cannot_be_listed_is_an_error(
    tree: Tree, awaited: Awaited, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree({"test_a.py": CLEAN})
    for _ in range(30):
        os.mkdir("d" * 200)  # noqa: PTH102 - no path that long can be given
        os.chdir("d" * 200)
    monkeypatch.chdir(root)

    run = awaited("check")

    assert run.code == 1
    assert run.err.endswith(": error: it cannot be listed: File name too long\n")


# -- configuration ---------------------------------------------------------------------------


def test_the_configuration_of_the_tree_is_used_from_any_folder(
    tree: Tree, awaited: Awaited, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree(
        {"pyproject.toml": "[tool.awaited]\nignore = ['AWT103']\n", "sub/test_a.py": NEVER_RUNS}
    )
    monkeypatch.chdir(root / "sub")

    assert awaited("check").code == 0
    assert awaited("check", "--isolated").code == 1
    assert awaited("check", "--extend-select", "AWT103").code == 1


def test_another_configuration_may_be_named(tree: Tree, awaited: Awaited) -> None:
    tree({"test_a.py": NEVER_RUNS, "config/mine.toml": "ignore = ['AWT103']\nodd = 1\n"})

    run = awaited("check", "--config", "config/mine.toml")

    assert run.out.startswith("config/mine.toml:2:1: AWT002 unknown key `odd`\n")
    assert "AWT103" not in run.out


@pytest.mark.parametrize("name", ["all.toml", "pyproject.toml"])
def test_a_configuration_may_be_inherited(tree: Tree, awaited: Awaited, name: str) -> None:
    text = "ignore = ['AWT103']\nodd = 1\n"
    table = "[tool.awaited]\n" if name == "pyproject.toml" else ""
    tree({"test_a.py": NEVER_RUNS, ".awaited.toml": "", f"config/{name}": f"{table}{text}"})

    run = awaited("check", "--inherit", f"config/{name}")

    assert run.code == 0
    assert "unknown key `odd`" in run.out
    assert "AWT103" in awaited("check").out


def test_a_mistake_in_the_configuration_is_said_once_and_turns_red(
    tree: Tree, awaited: Awaited
) -> None:
    files = {f"test_{number}.py": CLEAN for number in range(120)}
    tree({**files, ".awaited.toml": "odd = 1\n"})

    run = awaited("check")

    assert run.code == 1
    assert run.out.count("AWT002") == 1


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        (["--select", "AWT101, AWT301"], {"AWT101"}),
        (["--select", "AWT101", "--select", "AWT103"], {"AWT101", "AWT103"}),
        (["--ignore", "unhandled-async-test"], {"AWT101"}),
        (["--select", "AWT4", "--extend-select", "AWT103"], {"AWT103"}),
    ],
)
def test_options_choose_rules(
    tree: Tree, awaited: Awaited, options: list[str], codes: set[str]
) -> None:
    tree({"test_a.py": NEVER_RUNS, "test_b.py": IN_TESTCASE})

    found = awaited("check", "--json", *options).json["findings"]

    assert {one["code"] for one in found} == codes


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--select", "AWT1O3"], "--select: there is no rule `AWT1O3`; did you mean `AWT103`?"),
        (["--ignore", "F401"], "--ignore: there is no rule `F401`"),
        (["--config", "gone.toml"], "--config: gone.toml: there is no such file"),
        (["--config", "pyproject.toml"], "--config: pyproject.toml holds no [tool.awaited]"),
        (["--config", "."], "--config: .: it is not a regular file"),
        (["--config", "x", "--isolated"], "give one"),
        (["--inherit", "x", "--isolated"], "--inherit names a configuration"),
        (["--inherit", "x"], "--inherit: x: there is no such file"),
    ],
)
def test_options_that_mean_nothing_are_usage_errors(
    tree: Tree, awaited: Awaited, options: list[str], words: str
) -> None:
    tree({"test_a.py": CLEAN, "pyproject.toml": ""})

    run = awaited("check", *options)

    assert (run.code, run.out) == (2, "")
    assert words in run.err
