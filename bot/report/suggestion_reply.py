"""The answer once fixes were suggested: where they are, which are not, and what to do then."""

from collections.abc import Sequence

import msgspec

from bot.analysis.request import FixPlan
from bot.report.fix_reply import COMMENT_LIMIT, beside, patch_parts
from bot.report.head_file import Obstacle
from bot.report.markdown import code
from bot.report.page import Part, page
from bot.report.suggestions import LeftOut, Suggestion
from bot.report.wording import counted

_COMMIT = code("/fix-async --commit")
_SUGGEST = code("/fix-async --suggest")


class Suggested(msgspec.Struct, frozen=True):
    """What became of fixes that were to be suggested.

    Attributes:
        url: the page of a review that holds suggestions.
        new: suggestions that were made now.
        known: those that were there already, and still can be applied.
        refused: those that GitHub did not take.
        left_out: findings whose fixes cannot be suggested, or not yet.
    """

    url: str
    new: tuple[Suggestion, ...]
    known: tuple[Suggestion, ...]
    refused: tuple[Suggestion, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def needing_a_commit(self) -> tuple[LeftOut, ...]:
        """The findings that no suggestion will repair, in order of place."""
        refused = dict.fromkeys(finding for one in self.refused for finding in one.findings)
        found = [
            *(one for one in self.left_out if not one.obstacle.passes),
            *(LeftOut(finding, Obstacle.REFUSED) for finding in refused),
        ]
        return tuple(sorted(found, key=lambda one: one.finding.location))

    @property
    def waiting(self) -> tuple[LeftOut, ...]:
        """The findings that can be suggested once others are repaired."""
        return tuple(one for one in self.left_out if one.obstacle.passes)


def suggested(
    plan: FixPlan, outcome: Suggested, patches: Sequence[str], *, reason: str, can_commit: bool
) -> str:
    """Return the answer once suggestions were made.

    Args:
        plan: what all fixes would do.
        outcome: what was suggested of it.
        patches: all fixes; shown where something needs a commit that we cannot make.
        reason: why there are suggestions and no commit, Markdown of our own; empty where they
            were asked for.
        can_commit: a commit may be asked for in their place.
    """
    needing = outcome.needing_a_commit
    shows_patch = bool(needing) and not can_commit
    parts = [
        Part("the answer", " ".join([*filter(None, [reason]), *_where(outcome)])),
        *_needing(needing, can_commit=can_commit),
        *_waiting(outcome.waiting),
        *(patch_parts(plan, patches) if shows_patch else ()),
        *beside(plan),
    ]
    return page(parts, COMMENT_LIMIT)


def _where(outcome: Suggested) -> list[str]:
    everything = [*outcome.new, *outcome.known]
    problems = counted(len({one for each in everything for one in each.findings}), "problem")
    what = counted(len(everything), "suggestion")
    verb = "fixes" if len(everything) == 1 else "fix"
    sentences = [f"{what} {verb} {problems}: {outcome.url}."]
    if outcome.known:
        were = "was" if len(outcome.known) == 1 else "were"
        sentences.append(f"{len(outcome.known):,} of them {were} there already.")
    if len(everything) > 1:
        sentences.append(
            "To make them all in one commit, choose **Add suggestion to batch** at each on the "
            "page of changed files, then **Commit suggestions**."
        )
    return sentences


def _needing(needing: Sequence[LeftOut], *, can_commit: bool) -> list[Part]:
    if not needing:
        return []
    how = (
        f"Comment {_COMMIT} to have these fixed too, with all the others, in one commit."
        if can_commit
        else "The patch below fixes these too."
    )
    return [_listed("Needs a commit", how, needing)]


def _waiting(waiting: Sequence[LeftOut]) -> list[Part]:
    if not waiting:
        return []
    how = f"Apply the suggestions, then comment {_SUGGEST} for these."
    return [_listed("Not suggested yet", how, waiting)]


def _listed(title: str, how: str, left_out: Sequence[LeftOut]) -> Part:
    lines = tuple(_line(one) for one in left_out)
    return Part(title.lower(), f"### {title}\n\n{how}\n", lines)


def _line(one: LeftOut) -> str:
    finding = one.finding
    symbol = f" {code(finding.symbol)}" if finding.symbol else ""
    place = code(f"{finding.path}:{finding.line}")
    return f"- {place} {finding.code}{symbol}: {one.obstacle.value}."
