"""The comments that answer `/fix-async` and the button: what was done, what was not, and why.

They quote the command in code spans, and are ignored by the bot like every bot's comments.
"""

from collections.abc import Sequence

from bot.analysis.finding import FileError, Finding
from bot.analysis.fix import Safety
from bot.analysis.request import FixPlan
from bot.report.command_line import command_line
from bot.report.first_runs import newly_running
from bot.report.markdown import code, fence_around, prose, row
from bot.report.page import Part, page
from bot.report.patch import CLOSING
from bot.report.wording import counted, sentence

# GitHub takes 65,536 characters; the marker that makes a reply findable needs a few.
COMMENT_LIMIT = 65_000

_UNSAFE = "`/fix-async --unsafe`"


def committed(plan: FixPlan, *, commit: str) -> str:
    """Return the answer once the fixes are committed; GitHub makes a link of the commit's name."""
    what = counted(len(plan.fixed), "problem")
    return _page([Part("the answer", f"Fixed {what} in {commit}."), *_result(plan)])


def patch_instead(plan: FixPlan, patches: Sequence[str], *, reason: str) -> str:
    """Return the answer where the fixes are ready and we may not push them."""
    count = counted(len(plan.fixed), "problem")
    answer = (
        f"{reason} So nothing was committed. Here is what fixes {count}, to be applied by hand."
    )
    parts = [*patch_parts(plan, patches), *_result(plan, done=False)]
    return _page([Part("the answer", answer), *parts])


def preview(plan: FixPlan, patches: Sequence[str], *, wanted: bool) -> str:
    """Return the answer that shows the fixes and no more, as who asked wants it, or the base."""
    why = ", as you asked" if wanted else ": `fix.mode` is `patch` in this repository"
    count = counted(len(plan.fixed), "problem")
    answer = f"Nothing was changed{why}. Here is what would fix {count}."
    parts = [*patch_parts(plan, patches), *_result(plan, done=False)]
    return _page([Part("the answer", answer), *parts])


def nothing_to_fix(plan: FixPlan, *, unsafe: bool) -> str:
    """Return the answer where no fix of the wanted kind is there."""
    if not (plan.after.findings or plan.after.errors):
        return (
            "There is nothing to fix in the test files that this pull request changes. "
            "(What is below `.github/` is never touched.)"
        )
    kind = "fix" if unsafe else "safe fix"
    what = "what you named" if plan.passed_over else "what is left"
    answer = f"There is no {kind} for {what}, so nothing was committed."
    return _page([Part("the answer", answer), *_left(plan)])


def refused(reason: str) -> str:
    """Return the answer where nothing was looked at; `reason` is Markdown of our own."""
    return f"{reason} Nothing was changed."


def broken(error: str) -> str:
    """Return the answer where the bot itself failed."""
    return (
        "awaited itself failed while it did what you asked for, and has given up. "
        "The last error was: "
        f"{prose(sentence(error))}\n\nYour tests are not to blame. Ask again to have it retried."
    )


def _page(parts: Sequence[Part]) -> str:
    return page(parts, COMMENT_LIMIT)


def beside(plan: FixPlan) -> list[Part]:
    """Return what there is to say of a plan that somebody else carries out."""
    return [*_may_fail(plan, done=False), *_left(plan)]


def _result(plan: FixPlan, *, done: bool = True) -> list[Part]:
    return [*_may_fail(plan, done=done), _fixed(plan.fixed), *_left(plan)]


def _fixed(findings: Sequence[Finding]) -> Part:
    head = f"{row(['Rule', 'Where', 'Test', 'Fix'])}\n|---|---|---|---|"
    return Part("problems that were fixed", head, tuple(_fixed_row(each) for each in findings))


def _fixed_row(finding: Finding) -> str:
    done = prose(finding.fix.title) if finding.fix else "went with another fix"
    symbol = code(finding.symbol) if finding.symbol else ""
    return row([f"{finding.code} {code(finding.name)}", _place(finding), symbol, done])


def _place(finding: Finding) -> str:
    return code(f"{finding.path}:{finding.line}")


def _may_fail(plan: FixPlan, *, done: bool = True) -> list[Part]:
    tests = newly_running(plan)
    if not tests:
        return []
    subject = "this test runs" if len(tests) == 1 else "these tests run"
    runs = f"{subject.capitalize()} for the first time now"
    would_run = f"With the fixes, {subject} for the first time"
    head = (
        f"**{runs if done else would_run}, and so may fail**, "
        "for reasons that nobody could see before:\n"
    )
    lines = (f"- {code(test)} in {code(path)}" for path, test in tests)
    return [Part("tests that run for the first time", head, tuple(lines))]


def _left(plan: FixPlan) -> list[Part]:
    passed_over = set(plan.passed_over)
    others = [each for each in plan.after.findings if each not in passed_over]
    unsafe = [each for each in others if each.fix and each.fix.safety is Safety.UNSAFE]
    safe = [each for each in others if each.fix and each.fix.safety is Safety.SAFE]
    by_hand = [each for each in others if not each.fix]
    return [
        *_group("Left alone: the fix is unsafe", _UNSAFE_HEAD, unsafe),
        *_group("Left alone: the fix does not go together with the others", _SAFE_HEAD, safe),
        *_group("Left alone: not asked for", "", plan.passed_over),
        *_group("Left to you: there is no fix", "", by_hand),
        *_not_checked(plan.after.errors),
    ]


_UNSAFE_HEAD = (
    "These fixes change what other code shares, or the intent is not certain. "
    f"Comment {_UNSAFE} to have them made all the same.\n"
)
_SAFE_HEAD = "Ask once more to have them made on top.\n"


def _group(title: str, head: str, findings: Sequence[Finding]) -> list[Part]:
    if not findings:
        return []
    heading = f"### {title}\n\n{head}" if head else f"### {title}\n"
    return [Part(title.lower(), heading, tuple(_left_line(each) for each in findings))]


def _left_line(finding: Finding) -> str:
    symbol = f" {code(finding.symbol)}" if finding.symbol else ""
    fix = [f"The fix: {sentence(finding.fix.title)}"] if finding.fix else []
    advice = [f"What you can do: {sentence(finding.advice)}"] if finding.advice else []
    words = prose(" ".join([sentence(finding.message), *fix, *advice]))
    return f"- {_place(finding)} {finding.code}{symbol}: {words}"


def _not_checked(errors: Sequence[FileError]) -> list[Part]:
    if not errors:
        return []
    lines = tuple(f"- {code(error.path)}: {prose(error.reason)}" for error in errors)
    return [Part("files that were not checked", "### Not checked\n", lines)]


def patch_parts(plan: FixPlan, patches: Sequence[str]) -> list[Part]:
    """Return how to make all fixes of a plan in a checkout."""
    fence = fence_around("".join(patches))
    head = (
        "<details><summary>The patch</summary>\n\n"
        "In a checkout of this branch, give it to `git apply` on standard input.\n\n"
        f"{fence}diff\n"
    )
    tail = f"{CLOSING}{fence}\n\n</details>"
    return [
        Part("the command", f"{code(_local_command(plan))} in a checkout does the same."),
        Part("patched files", head, tuple(patches), tail, between=""),
    ]


def _local_command(plan: FixPlan) -> str:
    unsafe = any(each.fix and each.fix.safety is Safety.UNSAFE for each in plan.fixed)
    options = ["--fix", "--unsafe-fixes"] if unsafe else ["--fix"]
    return command_line(plan.files, options)
