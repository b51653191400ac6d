"""Reviews with suggestions, placed as far as GitHub lets them be, and threads of our own."""

from dataclasses import replace

import pytest

from bot.github.auth import Access
from bot.github.errors import Forbidden, Gone, StaleHead, UnexpectedAnswer
from bot.github.gateway import RepositoryGateway
from bot.github.reviews import PlacedReview
from bot.report.suggestion_review import LineComment
from bot.sandbox.faults import Fault
from bot.sandbox.model import PullRequest, ReviewComment
from tests.github.shop import Shop

PATH = "tests/test_cart.py"
LINES = "".join(f"line {number}\n" for number in range(1, 41))
CREATE = "pulls/create-review"
THREADS = "graphql/repository"
RULE = {
    "dismiss_stale_reviews_on_push": False,
    "require_code_owner_review": False,
    "require_last_push_approval": False,
    "required_approving_review_count": 1,
    "required_review_thread_resolution": False,
}


@pytest.fixture
async def pull(shop: Shop) -> PullRequest:
    """A pull request that adds a file of forty lines."""
    return await shop.pull({PATH: LINES})


@pytest.fixture
async def gateway(shop: Shop) -> RepositoryGateway:
    return await shop.gateway(Access.WRITE)


def on(line: int, start: int | None = None, path: str = PATH) -> LineComment:
    return LineComment(path, start, line, f"On {path}:{line}.")


async def write(
    gateway: RepositoryGateway, pull: PullRequest, *comments: LineComment, body: str = "Ideas."
) -> PlacedReview:
    return await gateway.create_review(
        pull.number, commit_sha=pull.head_sha, body=body, comments=comments, key="request-1"
    )


def placed(shop: Shop) -> list[ReviewComment]:
    return [one for review in shop.repository.reviews.values() for one in review.comments]


async def test_all_comments_come_in_one_review(
    shop: Shop, pull: PullRequest, gateway: RepositoryGateway
) -> None:
    review = await write(gateway, pull, on(3), on(9, start=7))

    (found,) = shop.repository.reviews.values()
    assert review == PlacedReview(
        f"{shop.github.url}/octo-org/shop/pull/1#pullrequestreview-{found.id}", ()
    )
    assert (found.state, found.commit_id) == ("COMMENTED", pull.head_sha)
    assert found.body == "Ideas.\n\n<!-- awaited:review:request-1 -->"
    assert [(one.start_line, one.line) for one in found.comments] == [(None, 3), (7, 9)]
    assert shop.github.requests[CREATE] == 1


async def test_one_comment_that_cannot_be_placed_costs_none_of_the_others(
    shop: Shop, pull: PullRequest, gateway: RepositoryGateway
) -> None:
    comments = [on(line) for line in range(1, 31)]
    comments[17] = on(99)

    review = await write(gateway, pull, *comments)

    assert review.refused == (comments[17],)
    assert sorted(one.line for one in placed(shop)) == [*range(1, 18), *range(19, 31)]
    bodies = [one.body.partition("\n")[0] for one in shop.repository.reviews.values()]
    assert bodies[0] == "Ideas."
    assert set(bodies[1:]) == {"(More of the same.)"}
    assert shop.github.requests[CREATE] <= 12


async def test_where_nothing_can_be_placed_the_requests_are_bounded(
    shop: Shop, pull: PullRequest, gateway: RepositoryGateway
) -> None:
    comments = [on(line) for line in range(100, 130)]

    review = await write(gateway, pull, *comments)

    assert review.url is None
    assert set(review.refused) == set(comments)
    assert shop.github.requests[CREATE] == 12


async def test_a_review_whose_answer_was_lost_is_written_once(
    shop: Shop, pull: PullRequest, gateway: RepositoryGateway
) -> None:
    shop.github.faults.add(Fault("POST .*/pulls/1/reviews$", "lost-reply"))

    review = await write(gateway, pull, on(3))

    assert review.url is not None
    assert len(shop.repository.reviews) == 1


async def test_a_commit_that_was_pushed_away_is_a_stale_head(
    shop: Shop, pull: PullRequest, gateway: RepositoryGateway
) -> None:
    old = pull.head_sha
    shop.repository.commit({PATH: "other\n"}, branch="other")
    await shop.github.force_push(shop.repository, "feature", "other", shop.alice)

    with pytest.raises(StaleHead):
        await gateway.create_review(1, commit_sha=old, body="x", comments=[on(1)], key="k")


async def test_other_refusals_are_not_taken_for_bad_lines(
    shop: Shop, pull: PullRequest, gateway: RepositoryGateway
) -> None:
    shop.github.faults.add(Fault("POST .*/pulls/1/reviews$", "status", status=409))

    with pytest.raises(UnexpectedAnswer):
        await write(gateway, pull, on(1))


async def test_who_may_not_write_reviews_is_told(shop: Shop, pull: PullRequest) -> None:
    gateway = await shop.gateway(Access.READ)

    with pytest.raises(Forbidden):
        await write(gateway, pull, on(1))


async def test_our_threads_are_told_with_who_answered(
    shop: Shop, pull: PullRequest, gateway: RepositoryGateway
) -> None:
    review = await write(gateway, pull, on(3), on(9))
    first, second = placed(shop)
    await shop.github.reply(shop.repository, 1, second.id, "Why?", shop.alice)
    theirs = replace(first, id=first.id + 10_000)
    shop.github.activity.review(shop.repository, pull, "COMMENTED", shop.alice, comments=[theirs])

    state = await gateway.review_state(1)

    assert [one.body for one in state.threads] == [
        "On tests/test_cart.py:3.",
        "On tests/test_cart.py:9.",
    ]
    assert [one.answered for one in state.threads] == [False, True]
    assert {one.review_url for one in state.threads} == {review.url}
    assert (state.threads[0].resolved, state.threads[0].outdated) == (False, False)
    assert shop.github.requests[THREADS] == 1


async def test_threads_are_outdated_once_their_lines_change(
    shop: Shop, pull: PullRequest, gateway: RepositoryGateway
) -> None:
    await write(gateway, pull, on(3), on(9))
    changed = LINES.replace("line 3\n", "line X\n")
    await shop.github.push(shop.repository, "feature", {PATH: changed}, shop.alice)

    state = await gateway.review_state(1)

    assert [one.outdated for one in state.threads] == [True, False]


async def test_threads_are_resolved_together(
    shop: Shop, pull: PullRequest, gateway: RepositoryGateway
) -> None:
    await write(gateway, pull, on(3), on(9), on(12))
    threads = (await gateway.review_state(1)).threads

    await gateway.resolve(threads[:2])

    state = await gateway.review_state(1)
    assert [one.resolved for one in state.threads] == [True, True, False]
    assert sum(count for name, count in shop.github.requests.items() if "resolve" in name) == 1


async def test_a_thread_that_is_gone_needs_no_resolving(
    shop: Shop, pull: PullRequest, gateway: RepositoryGateway
) -> None:
    await write(gateway, pull, on(3), on(9))
    threads = (await gateway.review_state(1)).threads
    (review,) = shop.repository.reviews.values()
    del review.comments[0]

    await gateway.resolve(threads)

    state = await gateway.review_state(1)
    assert [one.resolved for one in state.threads] == [True]


async def test_without_the_right_to_write_contents_nothing_is_resolved(
    shop: Shop, pull: PullRequest, gateway: RepositoryGateway
) -> None:
    await write(gateway, pull, on(3))
    threads = (await gateway.review_state(1)).threads

    with pytest.raises(Forbidden):
        await (await shop.gateway(Access.REPLY)).resolve(threads)


async def test_approvals_are_told(
    shop: Shop, pull: PullRequest, gateway: RepositoryGateway
) -> None:
    assert not (await gateway.review_state(pull.number)).approved

    await shop.github.approve(shop.repository, 1, shop.alice)

    assert (await gateway.review_state(pull.number)).approved


async def test_a_pull_request_that_is_not_there_is_gone(gateway: RepositoryGateway) -> None:
    with pytest.raises(Gone):
        await gateway.review_state(7)


async def test_a_push_may_dismiss_approvals_where_the_base_says_or_may_say_so(
    shop: Shop, gateway: RepositoryGateway
) -> None:
    assert not await gateway.may_dismiss_approvals("main")
    assert not await gateway.may_dismiss_approvals("gone")

    shop.repository.add_rule("main", "pull_request", **RULE)
    assert not await gateway.may_dismiss_approvals("main")

    shop.repository.add_rule(
        "main", "pull_request", **RULE | {"dismiss_stale_reviews_on_push": True}
    )
    assert await gateway.may_dismiss_approvals("main")

    shop.repository.commit({"a.txt": "a"}, branch="stable")
    shop.repository.protect("stable")
    assert await gateway.may_dismiss_approvals("stable")
