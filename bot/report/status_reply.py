"""What is said of where a pull request stands: the check of its newest commit, and fixes."""

from bot.report.fix_reply import COMMENT_LIMIT
from bot.report.markdown import details, prose

_ROOM = 1_000


def status(
    head_sha: str,
    *,
    verdict: tuple[str, str] | None,
    summary: str,
    url: str,
    is_fixing: bool,
) -> str:
    """Return the answer.

    Args:
        head_sha: the newest commit; GitHub makes a link of its name.
        verdict: conclusion and title of its check; None while that is under way.
        summary: what the page of the check says, Markdown of ours.
        url: of the check run's page, empty where there is no check run yet.
        is_fixing: whether a fix is being prepared.
    """
    parts = [_check(head_sha, verdict, url)]
    if is_fixing:
        parts.append("A fix is being prepared right now; its answer will stand here.")
    if verdict is not None and summary and len(summary) < COMMENT_LIMIT - _ROOM:
        parts.append(details("What the check says", summary))
    return "\n\n".join(parts)


def _check(head_sha: str, verdict: tuple[str, str] | None, url: str) -> str:
    if not url:
        return f"The newest commit, {head_sha}, has no check yet. It will have one in a moment."
    if verdict is None:
        return f"The check of the newest commit, {head_sha}, [is under way]({url})."
    conclusion, title = verdict
    return f"The check of the newest commit, {head_sha}: [{conclusion}]({url}), {prose(title)}."
