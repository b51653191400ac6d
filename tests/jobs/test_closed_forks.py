from bot.jobs.closed_forks import ClosedForks


def test_a_fork_is_closed_until_a_push_goes_through() -> None:
    forks = ClosedForks()
    forks.add("bob/shop")

    assert forks.has("bob/shop")
    assert not forks.has("eve/shop")

    forks.remove("bob/shop")
    forks.remove("bob/shop")

    assert not forks.has("bob/shop")
