from benchmarks.realworld.tables import BEGIN, END, written_into
from benchmarks.realworld.verdicts import Place, Verdict, precision, read_verdicts, to_judge


def place(code: str, statement: str) -> Place:
    return Place("shop-1.0", "test_it.py", code, "test_it", statement)


def test_precision_is_the_share_of_true_ones_among_those_judged() -> None:
    verdicts = {
        place("AWT201", "pay()"): Verdict(true=True, why=""),
        place("AWT201", "total()"): Verdict(true=False, why=""),
    }
    gone = {place("AWT208", "wait()"): Verdict(true=False, why="")}
    places = [*verdicts, place("AWT201", "unread()"), place("AWT202", "assert pay()")]

    first, second, third = precision(places, verdicts | gone)

    assert (first.code, first.findings, first.judged, first.true) == ("AWT201", 3, 2, 1)
    assert first.share == 1 / 2
    assert (second.code, second.findings, second.share) == ("AWT202", 1, None)
    assert (third.findings, third.ever_judged, third.ever_true) == (0, 1, 0)


def test_every_verdict_gives_its_reason() -> None:
    assert all(verdict.why for verdict in read_verdicts().values())


def test_figures_are_written_between_the_marks_of_a_page_and_nowhere_else() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"

    assert written_into(page, "new") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"


def test_a_sample_of_a_rule_in_a_project_stays_the_same_and_leaves_out_what_was_judged() -> None:
    places = [place("AWT201", f"pay({number})") for number in range(9)]

    sample = list(to_judge(places, {}, most=3))
    left = list(to_judge(places, {sample[0]: Verdict(true=True, why="")}, most=3))

    assert len(sample) == 3
    assert list(to_judge(reversed(places), {}, most=3)) == sample
    assert left == sample[1:]
