from collections.abc import Mapping

from markdown_it import MarkdownIt
from msgspec import structs

from bot.analysis.finding import FileError, Finding
from bot.analysis.fix import Safety
from bot.analysis.request import FixPlan
from bot.report.fix_reply import (
    COMMENT_LIMIT,
    broken,
    committed,
    nothing_to_fix,
    patch_instead,
    preview,
    refused,
)
from bot.report.patch import patches
from tests.report.builders import finding, never_runs, report

COMMIT = "89abcdef0123456789abcdef0123456789abcdef"
MOCK = finding(
    "AWT405",
    "mock-awaited",
    line=9,
    symbol="test_mock",
    safety=Safety.UNSAFE,
    message="`service.execute` is a Mock, and `run` awaits it",
    advice="use an AsyncMock",
)
BY_HAND = finding("AWT001", "syntax-error", symbol="", safety=None, message="invalid syntax")


def plan(
    *fixed: Finding,
    left: tuple[Finding, ...] = (),
    errors: tuple[FileError, ...] = (),
    files: Mapping[str, bytes] | None = None,
) -> FixPlan:
    return FixPlan(
        files=files or {"tests/test_pay.py": b"new\n"},
        fixed=fixed,
        before=report(*fixed, *left),
        after=report(*left, errors=errors),
    )


def test_the_answer_names_the_commit_and_what_was_fixed() -> None:
    answer = committed(plan(never_runs("test_a", line=7), never_runs("test_b")), commit=COMMIT)

    assert answer.startswith(f"Fixed 2 problems in {COMMIT}.")
    assert (
        "| AWT103 `unhandled-async-test` | `tests/test_pay.py:7` | `test_a` | Repair test\\_a |"
        in answer
    )
    assert "<table>" in MarkdownIt("commonmark").enable("table").render(answer)


def test_tests_that_run_for_the_first_time_are_named() -> None:
    several = committed(plan(never_runs("test_b"), never_runs("test_a")), commit=COMMIT)
    one = committed(plan(never_runs("test_a")), commit=COMMIT)

    assert "**These tests run for the first time now, and so may fail**" in several
    assert "- `test_a` in `tests/test_pay.py`\n- `test_b` in `tests/test_pay.py`" in several
    assert "**This test runs for the first time now, and so may fail**" in one


def test_tests_that_would_run_for_the_first_time_are_named_as_such() -> None:
    several = preview(plan(never_runs("test_b"), never_runs("test_a")), (), wanted=True)
    one = patch_instead(plan(never_runs("test_a")), (), reason="No.")

    assert "**With the fixes, these tests run for the first time, and so may fail**" in several
    assert "**With the fixes, this test runs for the first time, and so may fail**" in one


def test_a_preview_says_why_nothing_was_changed() -> None:
    diff = ("diff --git a/a.py b/a.py\n",)

    wanted = preview(plan(never_runs("test_a")), diff, wanted=True)
    settled = preview(plan(never_runs("test_a")), diff, wanted=False)

    assert wanted.startswith("Nothing was changed, as you asked. Here is what would fix 1 problem")
    assert settled.startswith("Nothing was changed: `fix.mode` is `patch` in this repository.")
    assert diff[0] in wanted


def test_what_was_not_asked_for_is_named_apart() -> None:
    left = never_runs("test_b", line=9)
    of = structs.replace(plan(never_runs("test_a"), left=(left, MOCK)), passed_over=(left,))

    answer = committed(of, commit=COMMIT)

    assert "### Left alone: not asked for\n\n- `tests/test_pay.py:9` AWT103 `test_b`" in answer
    assert "does not go together" not in answer
    assert "### Left alone: the fix is unsafe" in answer
    assert nothing_to_fix(of, unsafe=False).startswith("There is no safe fix for what you named")


def test_a_test_that_something_else_still_keeps_from_running_is_not_announced() -> None:
    left = finding("AWT108", "cause", reveals=("test_a",))
    assert "for the first time" not in committed(
        plan(never_runs("test_a"), left=(left,)), commit=COMMIT
    )


def test_what_is_left_alone_is_named_with_why_and_how_to_ask_for_it() -> None:
    answer = committed(plan(never_runs("test_a"), left=(MOCK, BY_HAND)), commit=COMMIT)

    assert "### Left alone: the fix is unsafe" in answer
    assert "Comment `/fix-async --unsafe` to have them made" in answer
    assert (
        "- `tests/test_pay.py:9` AWT405 `test_mock`: `service.execute` is a Mock, and `run` "
        "awaits it. The fix: Repair test\\_mock. What you can do: use an AsyncMock."
    ) in answer
    assert "### Left to you: there is no fix" in answer
    assert "- `tests/test_pay.py:3` AWT001: invalid syntax" in answer


def test_what_does_not_go_together_is_done_next_time() -> None:
    answer = committed(plan(never_runs("test_a"), left=(never_runs("test_b"),)), commit=COMMIT)
    assert "does not go together" in answer


def test_files_that_were_not_checked_are_named() -> None:
    error = FileError("tests/test_big.py", "larger than 1 MiB")
    answer = committed(plan(never_runs("test_a"), errors=(error,)), commit=COMMIT)
    assert "### Not checked\n\n- `tests/test_big.py`: larger than 1 MiB" in answer


def test_a_finding_that_another_fix_repaired_is_listed() -> None:
    answer = committed(plan(finding(safety=None)), commit=COMMIT)
    assert "went with another fix" in answer


def test_a_patch_is_given_where_we_may_not_push() -> None:
    diff = patches({"a.py": b"'```'\n"}, {"a.py": b"'````'\n"})

    answer = patch_instead(
        plan(never_runs("test_a"), left=(MOCK,)), diff, reason="The fork does not let us push."
    )

    assert answer.startswith("The fork does not let us push. So nothing was committed.")
    assert "<details>" in answer
    assert "`git apply`" in answer
    assert "`awaited check --fix tests/test_pay.py` in a checkout does the same." in answer
    assert "### Left alone: the fix is unsafe" in answer
    (block,) = (token for token in MarkdownIt().parse(answer) if token.type == "fence")
    assert block.content.startswith("diff --git a/a.py b/a.py\n")
    assert "+'````'\n" in block.content


def test_the_local_command_asks_for_unsafe_fixes_where_they_are_meant() -> None:
    answer = patch_instead(plan(MOCK), ("diff\n",), reason="No.")
    assert "`awaited check --fix --unsafe-fixes tests/test_pay.py`" in answer


def test_a_patch_is_cut_only_between_files() -> None:
    diff = tuple(f"diff --git a/{name} b/{name}\n" + "+x\n" * 10_000 for name in "abc")

    answer = patch_instead(plan(never_runs("test_a")), diff, reason="No.")

    assert len(answer) <= COMMENT_LIMIT
    assert "… 1 more not shown (patched files)." in answer
    assert "diff --git a/c" not in answer


def test_nothing_to_fix_says_so() -> None:
    assert nothing_to_fix(plan(), unsafe=False).startswith("There is nothing to fix")


def test_no_safe_fix_says_how_to_ask_for_the_unsafe_one() -> None:
    answer = nothing_to_fix(plan(left=(MOCK,)), unsafe=False)
    assert answer.startswith("There is no safe fix for what is left, so nothing was committed.")
    assert "/fix-async --unsafe" in answer


def test_no_fix_at_all_leaves_it_to_the_author() -> None:
    answer = nothing_to_fix(plan(left=(BY_HAND,)), unsafe=True)
    assert answer.startswith("There is no fix for what is left")
    assert "invalid syntax" in answer


def test_files_that_were_not_checked_are_not_nothing() -> None:
    answer = nothing_to_fix(plan(errors=(FileError("a.py", "binary"),)), unsafe=False)
    assert "`a.py`: binary" in answer


def test_a_refusal_says_that_nothing_was_changed() -> None:
    assert refused("You may not.") == "You may not. Nothing was changed."


def test_our_own_failure_is_called_that() -> None:
    assert broken("GitHub did not answer").startswith("awaited itself failed")
