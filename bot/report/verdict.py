"""A report becomes a check run: what ends red, what its page says, which buttons it has."""

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.analysis.finding import FileError, Finding
from bot.analysis.fix import Safety
from bot.analysis.gate import Scope, SuppressionPolicy
from bot.analysis.request import Report
from bot.report.annotations import ANNOTATIONS_LIMIT, annotations_of
from bot.report.buttons import buttons
from bot.report.check_run import SUMMARY_LIMIT, CheckRun, Conclusion
from bot.report.command_line import command_line
from bot.report.elsewhere import elsewhere
from bot.report.judged import Judged, Tally
from bot.report.markdown import code, fenced, prose, row
from bot.report.page import Part, page
from bot.report.subject import Subject
from bot.report.wording import counted, listed, sentence


def check_run_of(
    judged: Judged, *, head_sha: str, subject: Subject = Subject.PULL_REQUEST
) -> CheckRun:
    """Return the verdict on the commit `head_sha`. Nobody can push to that of a merge group."""
    tally = Tally.of(judged)
    return CheckRun(
        conclusion=tally.conclusion,
        title=tally.title,
        summary=page(_parts(judged, tally, subject), SUMMARY_LIMIT),
        annotations=annotations_of(judged.shown),
        actions=buttons(judged.shown, head_sha) if subject is Subject.PULL_REQUEST else (),
    )


def _parts(judged: Judged, tally: Tally, subject: Subject) -> list[Part]:
    report, shown = judged.report, judged.shown
    is_well = not (tally.never_run or tally.failures or tally.unchecked or tally.known)
    return [
        *([_unchecked(report.errors)] if report.errors else []),
        *([_rules(shown), *_what_to_do(shown, subject)] if shown else []),
        *elsewhere(report.findings, judged.concerned),
        *([_known(tally.known, report.gate.scope)] if tally.known else []),
        *([_added(judged)] if judged.added else []),
        *([_all_well(tally, subject)] if is_well else []),
        *([_command(report)] if tally.checked or tally.concerned or tally.unchecked else []),
        *([_notes(notes)] if (notes := [*_remarks(judged), *report.notes]) else []),
    ]


def _known(count: int, scope: Scope) -> Part:
    were = "1 of these was" if count == 1 else f"{count:,} of these were"
    wider = Scope.CHANGED_FILES if scope is Scope.NEW else Scope.ALL
    return Part(
        "what was known",
        f"{were} there before this change: shown as a notice, it turns nothing red. "
        f'With `scope = "{wider}"` in `[tool.awaited]` it would.',
    )


def _added(judged: Judged) -> Part:
    holds = judged.report.gate.suppressions is not SuppressionPolicy.BASE_ONLY
    effect = "They hold." if holds else "They do not hold before they are merged."
    return Part(
        "added suppressions",
        f"### Suppressions that this change adds\n\n{effect}\n",
        tuple(f"- {code(f'{one.path}:{one.line}')}: {code(one.text)}" for one in judged.added),
    )


def _remarks(judged: Judged) -> Iterator[str]:
    if judged.report.configured_by:
        yield _configured_by(judged.report.configured_by)
    if judged.inheritance:
        yield judged.inheritance
    if judged.would_be:
        yield f"by the configuration of this change the verdict would be: {judged.would_be}"
    if judged.lacks_base:
        yield (
            "Not every file could be read as it was before this change, so whatever is found in "
            "such a file counts."
        )


def _configured_by(paths: Sequence[str]) -> str:
    """Name the files whose configuration held; that of the repository lies at its root."""
    files = (f"`{path}`" if "/" in path else f"`{path}` of the base branch" for path in paths)
    return f"configured by {', and where that says nothing by '.join(files)}"


def _all_well(tally: Tally, subject: Subject) -> Part:
    if not (tally.checked or tally.concerned):
        return Part("the verdict", f"This {subject.value} changes no file that pytest collects.")
    return Part("the verdict", f"{tally.title}, as far as its source tells.")


def _unchecked(errors: Sequence[FileError]) -> Part:
    return Part(
        "files that were not checked",
        "### Not checked\n\n"
        "These files should have been checked and could not be, so this check does not pass. "
        "Make each of them readable (Python in the encoding that it declares, at most 1 MiB, no "
        "symbolic link); or, if it holds no tests, give it a name that pytest does not collect, "
        "or list it under `exclude` in `[tool.awaited]`.\n",
        tuple(f"- {code(error.path)}: {prose(error.reason)}" for error in errors),
    )


def _rules(findings: Sequence[Finding]) -> Part:
    head = [row(["Rule", "Problem", "Found", "Safe fix", "Unsafe fix", "By hand"])]
    head.append("|---|---|---:|---:|---:|---:|")
    names = {finding.code: finding.name for finding in findings}
    rows = [_rule_row(each, names[each], findings) for each in sorted(names)]
    return Part("rules", "\n".join(["### Found\n", *head]), tuple(rows), _beyond(findings))


def _rule_row(rule: str, name: str, findings: Sequence[Finding]) -> str:
    fixes = Counter(
        each.fix.safety if each.fix else None for each in findings if each.code == rule
    )
    numbers = [fixes.total(), fixes[Safety.SAFE], fixes[Safety.UNSAFE], fixes[None]]
    return row([rule, code(name), *(f"{number:,}" if number else "" for number in numbers)])


def _beyond(findings: Sequence[Finding]) -> str:
    if len(findings) <= ANNOTATIONS_LIMIT:
        return ""
    return f"\n\nThe first {ANNOTATIONS_LIMIT:,} of {len(findings):,} are annotated."


def _what_to_do(findings: Sequence[Finding], subject: Subject) -> list[Part]:
    if subject is Subject.MERGE_GROUP:
        return [Part("how to fix it", _IN_A_QUEUE)]
    return _how_to_fix(findings)


_IN_A_QUEUE = (
    "This is a merge group: a pull request with all that is before it in the merge queue. What "
    "was found may come of the combination alone: of pytest's configuration that changes in the "
    "one, and a test that the other brings. Bring the branch of the pull request up to date with "
    "its base once what was before it is merged, and fix there what this check finds then."
)


def _how_to_fix(findings: Sequence[Finding]) -> list[Part]:
    fixes = Counter(finding.fix.safety for finding in findings if finding.fix)
    safe, unsafe = fixes[Safety.SAFE], fixes[Safety.UNSAFE]
    as_well = " as well" if safe else ""
    offers = [
        *([f"`/fix-async` for {counted(safe, 'safe fix', 'safe fixes')}"] if safe else []),
        *(
            [f"`/fix-async --unsafe` for {counted(unsafe, 'unsafe fix', 'unsafe fixes')}{as_well}"]
            if unsafe
            else []
        ),
    ]
    if not offers:
        return []
    return [Part("how to fix it", f"Comment on the pull request: {listed(offers)}.")]


def _command(report: Report) -> Part:
    files = [*report.checked, *(error.path for error in report.errors)]
    inherited = [path for path in report.configured_by if "/" in path]
    options = [word for path in inherited for word in ("--inherit", _beside(path))]
    clone = "".join(
        f"\n\nwith a clone of {code(path.rpartition('/')[0])} beside that of this repository."
        for path in inherited
    )
    shell = fenced(command_line(files, options), "sh")
    return Part("the local command", f"### The same on your machine\n\n{shell}{clone}")


def _beside(inherited: str) -> str:
    """Return the path of `owner/name/file` where repositories are cloned side by side."""
    return f"../{inherited.partition('/')[2]}"


def _notes(notes: Sequence[str]) -> Part:
    return Part("notes", "### Notes\n", tuple(f"- {prose(note)}" for note in notes))


def not_analysed(reason: str) -> CheckRun:
    """Return the check run of a commit on which the analysis ran into its limits."""
    return CheckRun(
        Conclusion.ACTION_REQUIRED,
        "The changed tests could not be analysed",
        f"The analysis was stopped: {prose(sentence(reason))}\n\n"
        "So this check does not pass. Split the largest or most deeply nested of the changed "
        "files, or revert what is not meant to be read by people, and push again; or press "
        "*Re-run* if you think that the reason was a passing one.",
    )


def rejected(message: str) -> CheckRun:
    """Return the check run of a commit whose author has something to repair before the check."""
    return CheckRun(
        Conclusion.ACTION_REQUIRED,
        "This needs to be repaired first",
        f"{prose(sentence(message))}\n\nThis check does not pass until that is done.",
    )


def incomparable(subject: Subject = Subject.PULL_REQUEST) -> CheckRun:
    """Return the check run of a commit of which GitHub cannot tell what it changes."""
    return CheckRun(
        Conclusion.ACTION_REQUIRED,
        "GitHub cannot tell what is changed",
        f"GitHub did not manage to work out what this {subject.value} changes, probably because "
        "it is too much. So this check does not pass. Press *Re-run* to have GitHub asked again; "
        "if that does not help, split the change.",
    )


def unreadable(subject: Subject = Subject.PULL_REQUEST) -> CheckRun:
    """Return the check run of a commit that GitHub does not hand out (any more)."""
    if subject is Subject.MERGE_GROUP:
        return CheckRun(
            Conclusion.ACTION_REQUIRED,
            "The merge group cannot be read",
            "GitHub does not hand out this commit together with its base branch, probably because "
            "one of them is gone by now. Queue the pull request again.",
        )
    return CheckRun(
        Conclusion.ACTION_REQUIRED,
        "The head commit cannot be read",
        "GitHub does not hand out the files of this commit, perhaps because the fork that it "
        "came from was deleted. Push the branch to a repository that exists, or close the pull "
        "request.",
    )


def broken(conclusion: Conclusion, error: str, *, by_configuration: bool = False) -> CheckRun:
    """Return the check run of a commit on which we failed, not its author.

    `by_configuration` says that `on-internal-error` of the repository decided how it ends.
    """
    decided = (
        f" It ends as {code(conclusion)} because {code('on-internal-error')} says so in the "
        "configuration of this repository, or of its owner."
    )
    return CheckRun(
        conclusion,
        "awaited failed: this says nothing about your tests",
        "awaited itself failed while it checked this commit, and has given up. "
        f"The last error was: {prose(sentence(error))}{decided if by_configuration else ''}\n\n"
        "Press *Re-run* to have it tried again. If that does not help, whoever runs this bot "
        "finds the details in its log.",
        is_verdict=False,
    )
