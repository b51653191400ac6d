"""Commits, checks and files as they are served."""

from typing import Any

import pytest

from tests.sandbox.pages.scene import ANNOTATION, PATH, TESTS, Scene
from tests.sandbox.shop import COMMIT, commit_input

REVIEW = {"event": "COMMENT", "body": "Look:"}


def remark(line: int, body: str, **more: Any) -> dict[str, Any]:
    return {"path": PATH, "line": line, "side": "RIGHT", "body": body} | more


async def review(scene: Scene, *comments: dict[str, Any], **more: str) -> None:
    path = f"{scene.shop.path}/pulls/1/reviews"
    await scene.client.post(path, REVIEW | more | {"comments": list(comments)}, status=200)


# Commits


async def test_commits_name_their_author_their_day_and_their_checks(scene: Scene) -> None:
    await scene.check("failure")
    made = commit_input(scene.pull.head_sha, {"a.txt": b"fixed\n"})
    await scene.client.graphql(COMMIT, input=made)
    scene.shop.repository.commit({"b": "b"}, branch="feature", message="By hand")
    scene.pull.head_sha = scene.shop.repository.head("feature") or ""

    text = await scene.read("commits")
    html = await scene.get("commits")

    assert "Commits on Jan 1, 2026 Add a test" in text
    assert "alice committed Jan 1, 2026, 00:00 UTC" in text
    assert "awaited bot committed" in text
    assert "Somebody committed" in text
    assert text.count("Verified") == 1
    assert 'aria-label="All checks have failed"' in html


async def test_an_author_is_known_by_the_noreply_address(scene: Scene) -> None:
    author = ("A. Liddell", "7+alice@users.noreply.github.com")
    scene.pull.head_sha = scene.shop.repository.commit({"c": "c"}, author=author, branch="feature")

    assert "Change files alice committed" in await scene.read("commits")


async def test_a_pull_request_may_bring_no_commits(scene: Scene) -> None:
    scene.pull.base_sha = scene.pull.head_sha

    assert "This pull request brings no commits." in await scene.read("commits")
    assert "This pull request changes no file." in await scene.read("files")


async def test_a_commit_has_a_page_of_its_own(scene: Scene) -> None:
    await scene.check("failure")

    text = await scene.read(f"/octo-org/shop/commit/{scene.pull.head_sha}")
    first = scene.shop.repository.head("main")
    begin = await scene.read(f"/octo-org/shop/commit/{first}")

    assert "Add a test Of totals. alice committed" in text
    assert f"parent {str(first)[:7]} commit {scene.pull.head_sha}" in text
    assert "+async def test_total():" in text
    assert "Check failure on line 4 in tests/test_shop.py" in text
    assert "Begin" in begin
    assert "there is nothing before it to compare it with" in begin


# Checks


async def test_without_checks_the_page_says_so(scene: Scene) -> None:
    assert "No check has run on this commit yet." in await scene.read("checks")


async def test_a_run_that_is_under_way_says_so(scene: Scene) -> None:
    await scene.start()

    text = await scene.read("checks")

    assert "In progress, started" in text
    assert "The app is at work." in text
    assert "Fix it" not in text


async def test_a_completed_run_shows_all_that_it_says(scene: Scene) -> None:
    more = ANNOTATION | {
        "start_line": 1,
        "end_line": 2,
        "annotation_level": "warning",
        "title": "",
        "raw_details": "A <trace>",
    }
    far = ANNOTATION | {"path": "gone.py", "annotation_level": "notice", "message": "Not there"}
    await scene.check(text="The *long* story", annotations=[ANNOTATION, more, far])

    text = await scene.read("checks")
    html = await scene.get("checks")

    assert "Failed" in text
    assert "1 async test never runs Rule Found AWT103 1" in text
    assert "Details The long story" in text
    assert "Annotations 1 error, 1 warning, 1 notice" in text
    assert "Check failure on line 4 in tests/test_shop.py" in text
    assert "Check warning on lines 1 to 2 in tests/test_shop.py" in text
    assert "Check notice on line 4 in gone.py awaited / awaited" in text
    assert "AWT103 unhandled-async-test async test `test_total` never runs" in text
    assert "Raw details A <trace>" in text
    assert "async def test_total(): assert await total() == 2" in text
    head = scene.pull.head_sha
    assert f'href="/octo-org/shop/blob/{head}/tests/test_shop.py#L4"' in html
    assert '<button class="button" id="press-' in html
    assert 'value="fix-safe:1" title="Commit the fixes">Fix it</button>' in html
    assert "Re-run" in text


async def test_only_who_may_write_can_have_a_check_run_again(scene: Scene) -> None:
    await scene.check()

    text = await scene.read("checks", as_login="bob")

    assert "Re-run" not in text
    assert "Fix it" in text


async def test_a_long_range_is_quoted_in_part(scene: Scene) -> None:
    await scene.shop.github.push(
        scene.shop.repository, "feature", {PATH: "x = 1\n" * 50}, scene.shop.alice
    )
    await scene.check(annotations=[ANNOTATION | {"start_line": 5, "end_line": 45}])

    html = await scene.get("checks")

    assert 'data-number="15"' in html
    assert 'data-number="16"' not in html


async def test_blank_lines_at_the_ends_of_a_quote_are_left_off(scene: Scene) -> None:
    line = {"start_line": 5, "end_line": 5}
    await scene.check(annotations=[ANNOTATION | line])

    html = await scene.get("checks")

    assert [n for n in range(1, 11) if f'data-number="{n}"' in html] == [4, 5]


async def test_older_commits_and_runs_can_be_chosen(scene: Scene) -> None:
    first = await scene.check("failure", title="First")
    await scene.check("success", title="Second")
    old = scene.pull.head_sha
    await scene.shop.github.push(scene.shop.repository, "feature", {"c": "c"}, scene.shop.alice)
    await scene.check("neutral", title="Third")

    newest, older = await scene.read("checks"), await scene.read(f"checks?sha={old}")
    chosen = await scene.read(f"checks?check_run_id={first['id']}")

    assert "Third" in newest
    assert "Older commit" not in newest
    assert "Second" in older
    assert "Older commit" in older
    assert "First" in chosen
    assert "A newer run of this check is there." in chosen


async def test_the_address_of_a_run_leads_to_its_pull_request(scene: Scene) -> None:
    run = await scene.check()
    elsewhere = await scene.start(sha=scene.shop.repository.head("main") or "")
    address = scene.shop.github.url + "/octo-org/shop/runs/"

    async with scene.shop.session.get(f"{address}{run['id']}") as answer:
        assert str(answer.url) == f"{scene.url}/checks?check_run_id={run['id']}"
    await scene.get(f"/octo-org/shop/runs/{elsewhere['id']}", status=404)


# Files


async def test_the_diff_has_numbers_and_annotations_below_their_lines(scene: Scene) -> None:
    await scene.check()

    text = await scene.read("files")
    html = await scene.get("files")

    assert "1 changed file tests/test_shop.py 1 10 tests/test_shop.py +10" in text
    assert "+async def test_total(): Check failure on line 4" in text
    assert "R10" in html
    assert '<td class="number" data-number="4" id="diff-' in html


async def test_an_annotation_of_several_lines_stands_below_the_last(scene: Scene) -> None:
    await scene.check(annotations=[ANNOTATION | {"start_line": 4, "end_line": 5}])

    text = await scene.read("files")

    assert "+ assert await total() == 2 Check failure on lines 4 to 5" in text


async def test_annotations_outside_of_the_diff_stand_at_its_end(scene: Scene) -> None:
    await scene.check(annotations=[ANNOTATION | {"path": "a.txt", "start_line": 7, "end_line": 7}])

    text = await scene.read("files")

    place = text.index("Unchanged lines with check annotations a.txt")
    assert "line 5 line 6 line 7 line 8 line 9 Check failure on line 7 in a.txt" in text[place:]


async def test_every_kind_of_change_is_told(scene: Scene) -> None:
    shop = scene.shop
    await shop.github.push(
        shop.repository,
        "feature",
        {
            "a.txt": "line 0\n" + "".join(f"line {n}\n" for n in range(1, 30)) + "line 30",
            "moved.py": "def f(): ...\n",
            "picture.png": b"\x89PNG\0\0",
            "long.txt": "x\n" * 20_001,
        },
        shop.alice,
        deleted=["src/b.py"],
    )

    text = await scene.read("files")

    assert "-line 30 +line 30 No newline at end of file" in text
    assert "src/b.py → moved.py +0 \N{MINUS SIGN}0 renamed File renamed without changes." in text
    assert "This file is empty, or binary, or only its mode changed." in text
    assert "This diff is too large to be shown." in text


async def test_a_change_of_a_very_large_file_is_shown_without_colours(scene: Scene) -> None:
    shop = scene.shop
    large = "x = 1  # and so on\n" * 30_000
    base = shop.repository.commit({"large.py": f"{large}<old>\n"}, branch="feature")
    head = shop.repository.commit({"large.py": f"{large}<new>\n"}, branch="feature")
    scene.pull.base_sha, scene.pull.head_sha = base, head

    assert '<span class="sign">+</span>&lt;new&gt;</td>' in await scene.get("files")


async def test_a_removed_line_is_coloured_as_it_was(scene: Scene) -> None:
    shop = scene.shop
    shop.repository.commit({"b.py": 'def old():\n    """\n    Doc.\n    """\n'}, branch="feature")
    base = shop.repository.head("feature") or ""
    head = shop.repository.commit({"b.py": "def new(): ...\n"}, branch="feature")
    scene.pull.base_sha, scene.pull.head_sha = base, head

    html = await scene.get("files")

    assert '<span class="tk-nf">old</span>' in html
    assert '<span class="tk-nf">new</span>' in html


async def test_remarks_stand_below_their_lines_with_their_suggestions(scene: Scene) -> None:
    await review(
        scene,
        remark(4, "Mark it:\n```suggestion\n@mark\nasync def test_total():\n```\nPlease."),
        remark(9, "```suggestion\n```", start_line=7, start_side="RIGHT"),
    )

    files, conversation = await scene.read("files"), await scene.read()

    assert "awaited bot" in files
    suggested = (
        "Mark it: Suggested change -async def test_total(): +@mark +async def test_total():"
    )
    assert suggested in files
    assert suggested in conversation
    assert "Look: tests/test_shop.py line 4" in conversation
    assert "tests/test_shop.py lines 7 to 9" in conversation
    assert "Outdated" not in conversation


@pytest.mark.parametrize(
    ("event", "word"),
    [("APPROVE", "approved these changes"), ("REQUEST_CHANGES", "requested changes")],
)
async def test_a_review_tells_its_verdict(scene: Scene, event: str, word: str) -> None:
    await review(scene, event=event)

    assert f"awaited bot {word}" in await scene.read()


async def test_a_review_stands_in_its_own_pull_request_only(scene: Scene) -> None:
    shop = scene.shop
    await review(scene, remark(4, "Mark it."))
    await shop.github.push(shop.repository, "other", {"c.txt": "c"}, shop.alice)
    await shop.github.open_pull_request(shop.repository, head="other", user=shop.alice)

    for tab in ("", "/files"):
        assert "Mark it." not in await scene.get(f"/octo-org/shop/pull/2{tab}")


async def test_a_remark_on_lines_that_changed_is_outdated(scene: Scene) -> None:
    await review(scene, remark(4, "Mark it."))
    changed = {PATH: TESTS.replace("async def test_total", "async def test_all")}
    await scene.shop.github.push(scene.shop.repository, "feature", changed, scene.shop.alice)

    assert "line 4 Outdated" in await scene.read()
    assert "Mark it." not in await scene.read("files")


async def test_a_remark_follows_its_line_and_says_when_it_is_resolved(scene: Scene) -> None:
    await review(scene, remark(4, "Mark it."))
    changed = {PATH: f"import os\n{TESTS}"}
    await scene.shop.github.push(scene.shop.repository, "feature", changed, scene.shop.alice)

    assert "line 5" in await scene.read()
    assert "Mark it." in await scene.read("files")
    (given,) = scene.shop.repository.reviews.values()
    given.comments[0].resolved = True
    assert "line 5 Resolved" in await scene.read()


async def test_a_remark_on_a_removed_line_stays_there(scene: Scene) -> None:
    changed = {"a.txt": "".join(f"line {n}\n" for n in range(2, 31))}
    await scene.shop.github.push(scene.shop.repository, "feature", changed, scene.shop.alice)
    await review(scene, {"path": "a.txt", "line": 1, "side": "LEFT", "body": "Why?"})

    assert "-line 1 awaited bot" in await scene.read("files")
    assert "a.txt line 1 line 1 awaited bot" in await scene.read()


async def test_a_file_can_be_read_whole(scene: Scene) -> None:
    scene.shop.repository.commit({"x.bin": b"\0", "dir/a b#.py": "x = 1\n"})

    html = await scene.get("/octo-org/shop/blob/main/a.txt")

    assert '<tr id="L30">' in html
    assert "at main , 231 bytes" in await scene.read("/octo-org/shop/blob/main/a.txt")
    assert "binary and not shown" in await scene.read("/octo-org/shop/blob/main/x.bin")
    assert "dir/a b#.py" in await scene.read("/octo-org/shop/blob/main/dir/a%20b%23.py")
