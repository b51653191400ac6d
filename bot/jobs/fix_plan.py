"""A plan of fixes as a job has it: with what it was made from, and what can be told of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.analysis.request import FixPlan
from bot.jobs.command_job import Answer
from bot.report import fix_reply
from bot.report.head_file import HeadFile, head_file
from bot.report.patch import patches


@dataclass(frozen=True, slots=True)
class Plan:
    """A fix plan, the commit that it was made from, and what its files were there.

    Attributes:
        shown: the hunks that the diff of the pull request shows of its files; None where GitHub
            leaves them out.
    """

    fixes: FixPlan
    base_sha: str
    before: Mapping[str, bytes]
    shown: Mapping[str, str | None]

    def as_patch(self, reason: str) -> Answer:
        """Give the fixes to who asked, because they reach the branch in no other way."""
        return Answer(
            fix_reply.patch_instead(self.fixes, self.patches(), reason=reason), "confused"
        )

    def as_preview(self, *, wanted: bool) -> Answer:
        """Show the fixes and no more."""
        return Answer(fix_reply.preview(self.fixes, self.patches(), wanted=wanted))

    def as_commit(self, sha: str) -> Answer:
        """Tell what was committed."""
        return Answer(fix_reply.committed(self.fixes, commit=sha))

    def patches(self) -> tuple[str, ...]:
        """Return what changes, one patch a file."""
        return patches(self.before, self.fixes.files)

    def head_files(self) -> dict[str, HeadFile]:
        """Return the files as suggestions are made on them."""
        return {
            path: head_file(path, content, self.shown.get(path))
            for path, content in self.before.items()
        }
