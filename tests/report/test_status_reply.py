from bot.report.fix_reply import COMMENT_LIMIT
from bot.report.status_reply import status

SHA = "89abcdef0123456789abcdef0123456789abcdef"


def test_a_summary_that_does_not_fit_is_left_to_the_page_of_the_check() -> None:
    answer = status(
        SHA, verdict=("failure", "x"), summary="y" * 65_000, url="https://g/1", is_fixing=False
    )

    assert answer == f"The check of the newest commit, {SHA}: [failure](https://g/1), x."
    assert len(answer) < COMMENT_LIMIT
