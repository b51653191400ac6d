"""Comments and reactions: said once, whatever happens to requests and answers."""

import pytest

from bot.github.auth import Access
from bot.github.conversation import REPLY_MARK, Comment
from bot.github.errors import Forbidden, Gone, Transient, UnexpectedAnswer
from bot.github.gateway import RepositoryGateway
from bot.sandbox.faults import Fault, Kind
from bot.sandbox.model import ReviewComment
from tests.github.faults import every_fault, fault
from tests.github.shop import CHANGE, Shop
from tests.github.stub import Answer, Stub

CREATE, EDIT, REACT = "POST .*/comments$", "PATCH .*/comments/", "POST .*/reactions$"


async def opened(shop: Shop) -> tuple[int, RepositoryGateway]:
    pull = await shop.pull()
    return pull.number, await shop.gateway(Access.REPLY)


def bodies(shop: Shop, number: int) -> list[str]:
    return [comment.body for comment in shop.repository.comments_on(number)]


async def asked(shop: Shop, number: int) -> int:
    return await shop.github.comment(shop.repository, number, "/fix-async", user=shop.alice)


# Comments


async def says(gateway: RepositoryGateway, number: int, text: str) -> str:
    return await gateway.reply(number, lambda _: text)


async def test_a_reply_is_made_and_carries_its_mark_unseen(shop: Shop) -> None:
    number, gateway = await opened(shop)

    url = await says(gateway, number, "Fixed **two** tests.")

    (comment,) = shop.repository.comments_on(number)
    assert comment.body == f"Fixed **two** tests.\n\n{REPLY_MARK}"
    assert comment.author.login == "awaited[bot]"
    assert url.endswith(f"/octo-org/shop/pull/{number}#issuecomment-{comment.id}")


async def test_a_later_reply_rewrites_the_same_comment(shop: Shop) -> None:
    number, gateway = await opened(shop)
    first = await says(gateway, number, "Working.")

    second = await gateway.reply(number, lambda text: f"Done after {text}")

    assert first == second
    assert bodies(shop, number) == [f"Done after Working.\n\n{REPLY_MARK}"]


async def test_saying_the_same_again_changes_nothing(shop: Shop) -> None:
    number, gateway = await opened(shop)
    await says(gateway, number, "Done.")
    shop.github.requests.clear()

    await says(gateway, number, "Done.")

    assert shop.github.requests == {"issues/list-comments": 1}


async def test_another_s_comment_with_our_mark_is_left_alone(shop: Shop) -> None:
    number, gateway = await opened(shop)
    copied = f"Mine! {REPLY_MARK}"
    await shop.github.comment(shop.repository, number, copied, user=shop.alice)

    await says(gateway, number, "Done.")

    assert bodies(shop, number) == [copied, f"Done.\n\n{REPLY_MARK}"]


async def test_our_reply_is_found_on_a_later_page(shop: Shop) -> None:
    number, gateway = await opened(shop)
    for _ in range(105):
        await asked(shop, number)
    await says(gateway, number, "Working.")

    await says(gateway, number, "Done.")

    assert bodies(shop, number)[105:] == [f"Done.\n\n{REPLY_MARK}"]


async def test_a_reply_that_was_deleted_is_made_anew(shop: Shop) -> None:
    number, gateway = await opened(shop)
    await says(gateway, number, "Working.")
    shop.repository.comments.clear()

    await gateway.reply(number, lambda text: f"Done after nothing{text}")

    assert bodies(shop, number) == [f"Done after nothing\n\n{REPLY_MARK}"]


async def test_a_reading_token_cannot_comment(shop: Shop) -> None:
    number, _ = await opened(shop)

    with pytest.raises(Forbidden):
        await says(await shop.gateway(Access.READ), number, "x")


async def test_a_comment_under_what_is_gone_is_gone(shop: Shop) -> None:
    _, gateway = await opened(shop)

    with pytest.raises(Gone):
        await says(gateway, 4711, "x")


async def test_a_comment_that_is_too_long_is_refused(shop: Shop) -> None:
    number, gateway = await opened(shop)

    with pytest.raises(UnexpectedAnswer, match="too long"):
        await says(gateway, number, "x" * 70_000)


async def test_an_app_is_known_by_its_client_id_too(
    gateway: RepositoryGateway, stub: Stub
) -> None:
    gateway._app_id = "Iv23liabc"
    ours = {
        "id": 1,
        "html_url": "https://github.example/1",
        "body": f"x\n\n{REPLY_MARK}",
        "performed_via_github_app": {"id": 7, "client_id": "Iv23liabc"},
    }
    theirs = ours | {"id": 2, "performed_via_github_app": {"id": 8, "client_id": "Iv23lixyz"}}
    stub.answers = [Answer([theirs, ours])]

    assert await says(gateway, 1, "x") == "https://github.example/1"
    assert [one.method for one in stub.received] == ["GET"]


# What a comment is now


async def test_a_comment_is_read_as_it_is_now(shop: Shop) -> None:
    number, gateway = await opened(shop)
    comment_id = await asked(shop, number)
    await shop.github.edit_comment(shop.repository, comment_id, "Never mind", user=shop.alice)

    comment = await gateway.comment_state(comment_id)

    assert comment == Comment(
        id=comment_id,
        body="Never mind",
        author="alice",
        author_is_bot=False,
        url=f"{shop.github.url}/octo-org/shop/pull/{number}#issuecomment-{comment_id}",
    )


async def test_our_own_comment_is_a_bot_s(shop: Shop) -> None:
    number, gateway = await opened(shop)
    await says(gateway, number, "To fix, say `/fix-async`.")
    (ours,) = shop.repository.comments_on(number)

    comment = await gateway.comment_state(ours.id)

    assert comment is not None
    assert comment.author_is_bot


async def test_a_deleted_comment_is_none(shop: Shop) -> None:
    _, gateway = await opened(shop)

    assert await gateway.comment_state(4711) is None


async def test_the_comment_of_a_deleted_account_is_a_ghost_s(
    gateway: RepositoryGateway, stub: Stub
) -> None:
    stub.answers = [Answer({"id": 1, "html_url": "u", "body": None, "user": None})]

    assert await gateway.comment_state(1) == Comment(1, "", "ghost", author_is_bot=False, url="u")


# Reactions


async def test_a_reaction_is_given_once(shop: Shop) -> None:
    number, gateway = await opened(shop)
    comment_id = await asked(shop, number)

    for content in ("eyes", "eyes", "rocket"):
        await gateway.react(comment_id, content)

    reactions = shop.repository.comments[comment_id].reactions
    assert [one.content for one in reactions] == ["eyes", "rocket"]


async def test_a_comment_on_lines_is_reacted_to_as_well(shop: Shop) -> None:
    number, gateway = await opened(shop)
    pull = shop.repository.pulls[number]
    path, head = next(iter(CHANGE)), pull.head_sha
    remark = ReviewComment(4712, path, "Look.", 1, "RIGHT", None, None, "", head)
    shop.github.activity.review(shop.repository, pull, "COMMENTED", shop.alice, comments=[remark])

    await gateway.react(4712, "eyes", on_lines=True)

    assert [one.content for one in remark.reactions] == ["eyes"]
    with pytest.raises(Gone):
        await gateway.react(4711, "eyes", on_lines=True)


async def test_a_comment_that_is_very_new_is_reacted_to_once_it_is_known(shop: Shop) -> None:
    number, gateway = await opened(shop)
    comment = await shop.github.comment(shop.repository, number, "/fix-async", shop.alice)
    shop.github.faults.add(Fault("POST .*/reactions", "status", status=404))

    await gateway.react(comment, "eyes")

    (reaction,) = shop.repository.comments[comment].reactions
    assert reaction.content == "eyes"


async def test_a_reaction_to_a_deleted_comment_says_so(shop: Shop) -> None:
    _, gateway = await opened(shop)

    with pytest.raises(Gone):
        await gateway.react(4711, "eyes")


# Trouble on the way


@every_fault
async def test_a_fault_makes_no_second_comment(
    shop: Shop, kind: Kind, details: dict[str, int | float]
) -> None:
    number, gateway = await opened(shop)
    shop.github.faults.add(fault(CREATE, kind, details))

    url = await says(gateway, number, "Done.")

    (comment,) = shop.repository.comments_on(number)
    assert comment.body == f"Done.\n\n{REPLY_MARK}"
    assert url.endswith(f"#issuecomment-{comment.id}")
    assert shop.github.faults.happened


@every_fault
async def test_a_fault_does_not_keep_a_comment_from_being_edited(
    shop: Shop, kind: Kind, details: dict[str, int | float]
) -> None:
    number, gateway = await opened(shop)
    await says(gateway, number, "Working.")
    shop.github.faults.add(fault(EDIT, kind, details))

    await says(gateway, number, "Done.")

    assert bodies(shop, number) == [f"Done.\n\n{REPLY_MARK}"]
    assert shop.github.faults.happened


@every_fault
async def test_a_fault_makes_no_second_reaction(
    shop: Shop, kind: Kind, details: dict[str, int | float]
) -> None:
    number, gateway = await opened(shop)
    comment_id = await asked(shop, number)
    shop.github.faults.add(fault(REACT, kind, details))

    await gateway.react(comment_id, "eyes")

    assert len(shop.repository.comments[comment_id].reactions) == 1
    assert shop.github.faults.happened


async def test_a_comment_whose_answer_never_came_is_found_next_time(shop: Shop) -> None:
    number, gateway = await opened(shop)
    shop.github.faults.add(Fault(CREATE, "lost-reply"))
    shop.github.faults.add(Fault("GET .*/issues/.*/comments$", "slow"))
    shop.github.faults.add(Fault("GET .*/issues/.*/comments$", "status", status=503, times=4))
    with pytest.raises(Transient):
        await says(gateway, number, "Done.")

    await says(gateway, number, "Done.")

    assert bodies(shop, number) == [f"Done.\n\n{REPLY_MARK}"]
