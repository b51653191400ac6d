"""What is remembered of a repository stays within its bounds."""

from bot.github.memory import Memory


def test_what_was_not_asked_for_the_longest_is_forgotten() -> None:
    kept = Memory().of("blobs", 10, len)
    kept["old"], kept["asked for"] = "12345", "1234"
    assert kept["asked for"] == "1234"

    kept["new"] = "123"

    assert set(kept) == {"asked for", "new"}


def test_kinds_do_not_take_room_from_each_other() -> None:
    memory = Memory()
    memory.of("trees", 1)["first"] = 1
    memory.of("comparisons", 1)["second"] = 2

    assert memory.of("trees", 1)["first"] == 1


def test_a_kind_is_one_and_the_same_for_all_who_ask() -> None:
    memory = Memory()

    assert memory.of("trees", 1) is memory.of("trees", 1)
