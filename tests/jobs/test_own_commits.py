from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.github.history import ListedCommit
from bot.jobs.obstacles import Refusal
from bot.jobs.own_commits import check_daily, fixed_rules, made_for, own_at

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
FIX = "Fix 2 problems\n\nRequested-by: @a\nAwaited-Fixes: AWT103, AWT301\nAwaited-Job: k1"


def commit(sha: str = "f1", message: str = FIX, **changes: Any) -> ListedCommit:
    given: dict[str, Any] = {"parent_shas": ("p",), "by_bot": True, "committed_at": NOW}
    return ListedCommit(sha=sha, message=message, **(given | changes))


def test_the_commit_of_a_request_is_found_by_its_key() -> None:
    assert made_for("k1", [commit("a", "x"), commit()]) == commit()
    assert made_for("k", [commit()]) is None
    assert made_for("k1", [commit(parent_shas=("p", "q"))]) is None


def test_a_commit_at_the_head_is_our_own_if_it_says_so_and_a_bot_made_it() -> None:
    assert own_at("f1", [commit("a"), commit()]) == commit()
    assert own_at("f2", [commit()]) is None
    assert own_at("f1", [commit(by_bot=False)]) is None
    assert own_at("f1", [commit(message="Bump versions")]) is None
    assert own_at("f1", [commit(parent_shas=("p", "q"))]) is None


def test_a_fix_names_its_rules() -> None:
    assert fixed_rules(commit()) == {"AWT103", "AWT301"}
    assert fixed_rules(commit(message="Undo\n\nAwaited-Undo: f1\nAwaited-Job: k2")) == frozenset()


def test_enough_commits_within_a_day_are_enough() -> None:
    recent = [commit(committed_at=NOW - timedelta(hours=hours)) for hours in (1, 23)]
    others = [commit(committed_at=NOW - timedelta(hours=25)), commit(by_bot=False)]

    check_daily([*recent, *others], NOW, 3)
    with pytest.raises(Refusal, match="has made 2 commits in this pull request"):
        check_daily([*recent, *others], NOW, 2)


def test_whoever_lets_it_make_no_commits_at_all_is_obeyed() -> None:
    with pytest.raises(Refusal, match="lets it make no commits"):
        check_daily([], NOW, 0)
    check_daily([], NOW, 1)
