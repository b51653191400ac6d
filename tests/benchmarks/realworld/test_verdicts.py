from benchmarks.realworld.tables import BEGIN, END, written_into
from benchmarks.realworld.verdicts import Place, Verdict, precision, read_verdicts


def place(code: str, statement: str) -> Place:
    return Place("shop-1.0", "test_it.py", code, "test_it", statement)


def test_precision_is_the_share_of_true_ones_among_those_judged() -> None:
    verdicts = {
        place("AWT201", "pay()"): Verdict(true=True, why=""),
        place("AWT201", "total()"): Verdict(true=False, why=""),
    }
    places = [*verdicts, place("AWT201", "unread()"), place("AWT202", "assert pay()")]

    first, second = precision(places, verdicts)

    assert (first.code, first.findings, first.judged, first.true) == ("AWT201", 3, 2, 1)
    assert first.share == 1 / 2
    assert (second.code, second.findings, second.share) == ("AWT202", 1, None)


def test_every_verdict_gives_its_reason() -> None:
    assert all(verdict.why for verdict in read_verdicts().values())


def test_figures_are_written_between_the_marks_of_a_page_and_nowhere_else() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"

    assert written_into(page, "new") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
