"""What is said of a fix that was taken back, or could not be."""

from bot.report.markdown import code


def undone(fix: str, *, commit: str) -> str:
    """Return the answer once a fix is taken back; GitHub makes links of the commits' names."""
    return (
        f"Took back the fixes of {fix} in {commit}. What they had repaired is found again, and "
        "`/fix-async` repairs it again."
    )


def by_hand(fix: str) -> str:
    """Return how anybody takes a fix back in a checkout."""
    return f"{code(f'git revert {fix}')} in a checkout of the branch takes it back."
