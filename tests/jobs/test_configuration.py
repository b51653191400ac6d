"""Which configuration a pull request is judged and fixed by, where its owner has some for all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.github import owner_files
from bot.github.errors import Transient
from bot.isolation.analyser import Analyser
from bot.sandbox.faults import Fault
from bot.sandbox.github import GitHub
from tests.jobs.stage import GOOD, NEVER_RUNS, Stage, staged

BAD = {"tests/test_bad.py": NEVER_RUNS}
FINE = {"tests/test_fine.py": GOOD}
BELOW = "octo-org/.github/.awaited.toml"


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        yield set_up


async def summary(stage: Stage, number: int = 1) -> tuple[str, str]:
    """Check a pull request, and return how that ended and what its page says."""
    await stage.check(number).run(stage.bench)
    run = stage.runs(stage.repository.pulls[number].head_sha)[-1]
    return run.conclusion or "", run.summary or ""


def move_to_person(stage: Stage, github: GitHub) -> None:
    """Play in a repository that belongs to a person, not to an organisation."""
    github.create_user("carol")
    stage.repository = github.create_repository("carol/shop", stage.alice)
    stage.repository.commit({"README.md": "A shop.\n"})
    stage.installation_id = github.install(stage.app, stage.repository)


async def test_an_organisation_sets_the_rules_for_a_repository_that_says_nothing(
    stage: Stage,
) -> None:
    stage.inherit("ignore = ['AWT103']\n")
    await stage.pull(BAD)

    conclusion, page = await summary(stage)

    assert conclusion == "success"
    assert f"- configured by `{BELOW}`\n" in f"{page}\n"


async def test_the_repositorys_own_configuration_goes_before_it_key_by_key(stage: Stage) -> None:
    stage.inherit("ignore = ['AWT103']\nexclude = ['tests/test_bad.py']\n")
    stage.repository.commit({".awaited.toml": "exclude = []\nextend-select = ['AWT103']\n"})
    await stage.pull(BAD)

    conclusion, page = await summary(stage)

    assert conclusion == "failure"
    where = f"`.awaited.toml` of the base branch, and where that says nothing by `{BELOW}`"
    assert f"- configured by {where}\n" in f"{page}\n"


async def test_a_pull_request_shows_what_its_configuration_would_make_of_what_it_inherits(
    stage: Stage,
) -> None:
    stage.inherit("select = ['AWT4']\n")
    await stage.pull({**BAD, ".awaited.toml": "select = ['AWT103']\n"})

    conclusion, page = await summary(stage)

    assert conclusion == "success"
    assert "the verdict would be: 1 async test never runs" in page


async def test_a_merge_group_inherits_as_well(stage: Stage) -> None:
    stage.inherit("ignore = ['AWT103']\n")
    (group,) = await stage.queued(await stage.pull(BAD))

    await stage.check_group(group).run(stage.bench)

    run = stage.run(group.head_sha)
    assert run.conclusion == "success"
    assert f"configured by `{BELOW}`" in (run.summary or "")


async def test_an_organisation_says_who_may_have_fixes_made_and_how(stage: Stage) -> None:
    stage.inherit("fix = { allow = 'admin', mode = 'patch' }\n")
    stage.repository.commit({".awaited.toml": "fix = { mode = 'commit' }\n"})
    stage.repository.permissions["bob"] = "write"
    pull = await stage.pull(BAD)
    head = pull.head_sha

    await stage.fix(sender="bob").run(stage.bench)
    assert "`@bob` has not the role `admin`" in stage.answer()
    assert pull.head_sha == head

    await stage.fix(sender="alice", key="request-2").run(stage.bench)
    assert pull.head_sha != head


async def test_an_organisation_says_which_fixes_there_are(stage: Stage) -> None:
    stage.inherit("ignore = ['AWT103']\n")
    pull = await stage.pull(BAD)
    head = pull.head_sha

    await stage.fix().run(stage.bench)

    assert pull.head_sha == head


async def test_nothing_is_fixed_before_it_is_known_who_may_have_that(stage: Stage) -> None:
    stage.inherit("fix = { allow = 'admin' }\n")
    pull = await stage.pull(BAD)
    head = pull.head_sha
    stage.github.faults.add(Fault("POST .*/graphql Blobs", "status", times=4, status=503))

    with pytest.raises(Transient):
        await stage.fix().run(stage.bench)

    assert pull.head_sha == head


async def test_a_verdict_does_not_wait_for_what_cannot_be_read_and_says_so(stage: Stage) -> None:
    stage.inherit("ignore = ['AWT103']\n")
    await stage.pull(BAD)
    stage.github.faults.add(Fault("POST .*/graphql Blobs", "status", times=4, status=503))

    conclusion, page = await summary(stage)

    assert conclusion == "failure"
    assert "- `octo-org/.github`: GitHub did not let this app read whether there is" in page


async def test_what_cannot_be_read_again_holds_as_it_was_and_that_is_said(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner_files, "AGE", 0)
    stage.inherit("ignore = ['AWT103']\n")
    pull = await stage.pull(BAD)
    await summary(stage)
    stage.github.faults.add(Fault("POST .*/graphql Blobs", "status", times=4, status=503))

    await stage.check(again_at=pull.head_sha).run(stage.bench)

    run = stage.runs(pull.head_sha)[-1]
    assert run.conclusion == "success"
    assert f"- `{BELOW}`: it could not be read again just now, so it held" in (run.summary or "")


async def test_mistakes_of_an_organisation_are_named_and_turn_nothing_red(stage: Stage) -> None:
    stage.inherit("\nignroe = ['AWT103']\nexclude = ['tests/test_bad.py']\n")
    pull = await stage.pull(BAD)

    conclusion, page = await summary(stage)

    assert conclusion == "success"
    assert f"- `{BELOW}:2`: unknown key `ignroe`; did you mean `ignore`?" in page
    assert stage.run(pull.head_sha).annotations == []


async def test_of_an_organisations_broken_file_nothing_holds_and_that_is_said(
    stage: Stage,
) -> None:
    stage.inherit("ignore = ['AWT103'\n")
    await stage.pull(BAD)

    conclusion, page = await summary(stage)

    assert conclusion == "failure"
    assert f"- `{BELOW}:2`: this is not TOML: " in page
    assert "(of this file nothing holds)" in page


async def test_an_organisations_file_that_is_too_large_does_not_hold_and_that_is_said(
    stage: Stage,
) -> None:
    stage.inherit("#" * (2**20 + 1))
    await stage.pull(BAD)

    _, page = await summary(stage)

    assert f"- `{BELOW}`: it does not hold, because it is unreadable: larger than 1 MiB" in page


async def test_where_an_organisation_keeps_it_out_of_reach_that_is_said(stage: Stage) -> None:
    stage.github.create_repository("octo-org/.github").commit({".awaited.toml": "scope = 'all'\n"})
    await stage.pull(FINE)

    conclusion, page = await summary(stage)

    assert conclusion == "success"
    assert "- `octo-org/.github`: no configuration is inherited from there, because there" in page


async def test_a_change_that_needs_no_configuration_is_not_told_about_it(stage: Stage) -> None:
    await stage.pull({"README.md": "words\n"})

    _, page = await summary(stage)

    assert ".github" not in page


async def test_whoever_owns_repositories_alone_is_not_told_that_there_is_none(
    stage: Stage, github: GitHub
) -> None:
    move_to_person(stage, github)
    await stage.pull(BAD)

    conclusion, page = await summary(stage)

    assert conclusion == "failure"
    assert ".github" not in page


async def test_a_person_may_have_configuration_for_all_of_their_repositories(
    stage: Stage, github: GitHub
) -> None:
    move_to_person(stage, github)
    stage.inherit("ignore = ['AWT103']\n")
    await stage.pull(BAD)

    conclusion, page = await summary(stage)

    assert conclusion == "success"
    assert "configured by `carol/.github/.awaited.toml`" in page


async def test_the_owners_repository_itself_has_that_file_for_its_own(
    stage: Stage, github: GitHub
) -> None:
    stage.inherit("ignore = ['AWT103']\n")
    stage.repository = github.world.repository("octo-org/.github")
    stage.repository.permissions["alice"] = "write"
    pull = await stage.pull(BAD)

    conclusion, page = await summary(stage)

    assert conclusion == "success"
    assert "- configured by `.awaited.toml` of the base branch\n" in f"{page}\n"
    assert pull.number == 1


MISTAKEN = "scope = 'changed-files'\nsuppressions = 'forbid'\n"


async def test_a_mistake_that_was_there_is_a_notice_and_what_holds_instead_is_said(
    stage: Stage,
) -> None:
    stage.repository.commit({".awaited.toml": "scope = 'everything'\n"})
    pull = await stage.pull(FINE)

    conclusion, page = await summary(stage)

    (annotation,) = stage.run(pull.head_sha).annotations
    assert (annotation["path"], annotation["start_line"]) == (".awaited.toml", 1)
    assert annotation["annotation_level"] == "notice"
    assert conclusion == "success"
    assert 'cannot be used in this configuration holds `scope = "new"`' in page


async def test_a_mistake_in_a_file_that_is_left_alone_does_not_fail_changed_files(
    stage: Stage,
) -> None:
    stage.repository.commit({".awaited.toml": MISTAKEN})
    pull = await stage.pull(FINE)

    conclusion, page = await summary(stage)

    assert conclusion == "success"
    assert [one["annotation_level"] for one in stage.run(pull.head_sha).annotations] == ["notice"]
    assert '`suppressions = "report"`' in page


async def test_a_pull_request_that_repairs_the_configuration_is_told_what_holds_until_then(
    stage: Stage,
) -> None:
    stage.repository.commit({".awaited.toml": "scope = 'everything'\n"})
    pull = await stage.pull({**FINE, ".awaited.toml": "scope = 'all'\n"})

    conclusion, page = await summary(stage)

    assert stage.run(pull.head_sha).annotations == []
    assert conclusion == "success"
    assert 'configuration holds `scope = "new"`' in page


async def test_a_branch_that_begins_where_the_rules_were_others_is_judged_by_those_of_now(
    stage: Stage,
) -> None:
    stage.repository.commit({".awaited.toml": "ignore = ['AWT103']\n"})
    await stage.push(BAD)
    stage.repository.commit({".awaited.toml": "severity = { AWT103 = 'warning' }\n"})
    pull = await stage.github.open_pull_request(stage.repository, head="feature", user=stage.alice)

    conclusion, page = await summary(stage)

    (annotation,) = stage.run(pull.head_sha).annotations
    assert annotation["title"].startswith("AWT103")
    assert (conclusion, annotation["annotation_level"]) == ("success", "warning")
    assert "once it is merged" not in page


async def test_fixes_are_those_of_the_rules_of_now_as_well(stage: Stage) -> None:
    await stage.push(BAD)
    stage.repository.commit({".awaited.toml": "ignore = ['AWT103']\n"})
    pull = await stage.github.open_pull_request(stage.repository, head="feature", user=stage.alice)
    head = pull.head_sha

    await stage.fix().run(stage.bench)

    assert pull.head_sha == head
    assert stage.answer().startswith("There is nothing to fix")
