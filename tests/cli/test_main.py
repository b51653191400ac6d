"""The commands that there are, what is loaded for them, and how they end."""

import asyncio
import sys
from pathlib import Path

import click
import pytest

from bot.cli import main
from bot.isolation.errors import AnalysisFailed
from bot.rules import ALL_RULES
from tests.cli.conftest import CLEAN, Awaited, Tree

HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"


def test_help_lists_every_command(awaited: Awaited) -> None:
    run = awaited("--help")

    assert run.code == 0
    for name, command in main.COMMANDS.items():
        assert f"  {name} " in run.out
        assert command.summary in run.out


def test_a_shell_can_complete_every_command() -> None:
    assert main.cli.list_commands(click.Context(main.cli)) == list(main.COMMANDS)


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_command_explains_itself(awaited: Awaited, name: str) -> None:
    run = awaited(name, "--help")

    assert run.code == 0
    assert run.out.startswith(f"Usage: awaited {name} ")


def test_the_version_is_that_of_the_distribution(awaited: Awaited) -> None:
    name, version = awaited("--version").out.split()

    assert name == "awaited"
    assert version[0].isdigit()


def test_an_unknown_command_is_a_usage_error(awaited: Awaited) -> None:
    run = awaited("chekc")

    assert run.code == 2
    assert "chekc" in run.err


def test_no_command_at_all_is_a_usage_error_with_help(awaited: Awaited) -> None:
    run = awaited()

    assert run.code == 2
    assert "Commands:" in run.err


def test_a_command_whose_extra_is_missing_says_what_to_install(
    awaited: Awaited, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        main.COMMANDS, "serve", main.Command("not_installed.serve", "", extra="server")
    )

    run = awaited("serve")

    assert run.code == 2
    assert run.err == ("awaited: `awaited serve` needs not_installed: install `awaited[server]`\n")


@pytest.mark.parametrize(
    "command", [main.Command("not_installed.check", ""), main.Command("bot.no", "", extra="demo")]
)
def test_a_module_that_should_be_there_is_a_bug_with_a_traceback(
    awaited: Awaited, monkeypatch: pytest.MonkeyPatch, command: main.Command
) -> None:
    monkeypatch.setitem(main.COMMANDS, "check", command)

    run = awaited("check")

    assert run.code == 2
    assert "Traceback" in run.err
    assert "ModuleNotFoundError" in run.err


def test_an_analysis_that_failed_is_an_internal_error(
    tree: Tree, awaited: Awaited, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        await asyncio.sleep(0)
        raise AnalysisFailed("the analysis crashed (SIGSEGV)", "a detail")

    tree({"test_a.py": CLEAN})
    monkeypatch.setattr("bot.cli.new_look.Analyser.check_parts", fail)

    run = awaited("check", "--json")

    assert (run.code, run.out) == (2, "")
    assert run.err == "a detail\nawaited: the analysis crashed (SIGSEGV)\n"


def test_what_click_ends_with_one_is_no_finding(
    awaited: Awaited, monkeypatch: pytest.MonkeyPatch
) -> None:
    @click.command()
    def check() -> None:
        raise click.ClickException("something")

    monkeypatch.setattr("bot.cli.check.check", check)

    run = awaited("check")

    assert (run.code, run.err) == (2, "Error: something\n")


def test_rules_are_listed_with_their_fixes(awaited: Awaited) -> None:
    lines = awaited("rules").out.splitlines()

    assert [line.split()[:2] for line in lines] == [[one.code, one.name] for one in ALL_RULES]
    assert all(one.summary in line for one, line in zip(ALL_RULES, lines, strict=True))
    assert "no fix" in lines[0]


@pytest.mark.parametrize("spelling", ["AWT103", "awt103", "unhandled-async-test"])
def test_a_rule_explains_itself(awaited: Awaited, spelling: str) -> None:
    run = awaited("explain", spelling)

    assert run.code == 0
    assert run.out.startswith("AWT103 unhandled-async-test\nseverity: failure; on: by default; ")
    assert "fix: safe or unsafe\n" in run.out
    assert "## Why it matters" in run.out


def test_a_rule_without_a_fix_says_so(awaited: Awaited) -> None:
    assert "fix: none\n" in awaited("explain", "AWT001").out


@pytest.mark.parametrize(
    ("wanted", "hint"), [("AWT1O3", "; did you mean `AWT103`?"), ("zzz", " (`awaited rules`")]
)
def test_an_unknown_rule_is_a_usage_error_with_a_hint(
    awaited: Awaited, wanted: str, hint: str
) -> None:
    run = awaited("explain", wanted)

    assert run.code == 2
    assert f"there is no rule {wanted}{hint}" in run.err


def test_the_hooks_for_other_repositories_are_commands_of_ours(
    tree: Tree, awaited: Awaited
) -> None:
    lines = HOOKS.read_text().splitlines()
    entries = [line.split("entry: awaited ")[1] for line in lines if "entry: " in line]
    tree({"test_a.py": CLEAN})

    assert [awaited(*entry.split()).code for entry in entries] == [0, 0]


def test_the_script_is_installed_beside_python() -> None:
    assert (Path(sys.executable).parent / "awaited").exists()
