"""The protocol: what is asked for, in how many rounds, and what is said of what cannot be had."""

from collections.abc import Mapping

import pytest

from bot.analysis.finding import Severity
from bot.analysis.request import (
    Asking,
    ConfigurationFile,
    Content,
    Fixing,
    Report,
    Request,
    Selection,
    Unreadable,
)
from bot.analysis.shelf import Shelf
from bot.rules import analyse, check_part
from tests.trees import Files, content, plan_for, report_on

UNMARKED = "async def test_it():\n    pass\n"
METHOD = "async def test_it(self): ...\n"


def rounds(files: Files, **request: object) -> tuple[Report, list[frozenset[str]]]:
    """Return the report, and what was asked for in each round."""
    return answered(analyse(Request(paths=tuple(files), **request)), files)  # type: ignore[arg-type]


def answered(asking: Asking[Report], files: Files) -> tuple[Report, list[frozenset[str]]]:
    """Give an analysis what it asks for."""
    asked: list[frozenset[str]] = []
    answer: Mapping[str, Content] | None = None
    try:
        while True:
            wanted = asking.send(answer) if answer is not None else next(asking)
            asked.append(wanted)
            answer = {path: content(files.get(path)) for path in wanted}
    except StopIteration as stop:
        report: Report = stop.value
        return report, asked


def test_configuration_and_tests_come_in_one_batch() -> None:
    files = {"pyproject.toml": "", "tests/conftest.py": "", "tests/test_it.py": UNMARKED}

    _, asked = rounds(files)

    assert asked == [frozenset(files)]


def test_each_round_of_imports_costs_one_batch() -> None:
    files = {
        "test_it.py": "from a import A\nfrom b import B\nclass TestIt(A, B): ...\n",
        "a.py": "from c import C\nclass A(C): ...\n",
        "b.py": "class B: ...\n",
        "c.py": "import unittest\nclass C(unittest.TestCase):\n    async def test_it(self): ...\n",
        "unrelated.py": "",
    }

    report, asked = rounds(files)

    assert asked == [{"test_it.py"}, {"a.py", "b.py"}, {"c.py"}]
    assert [one.symbol for one in report.findings] == ["TestIt.test_it"]


FAR = "def test_total():\n    assert 3\n"
NEAR = "import pytest\n\n\n@pytest.fixture\nasync def till(): ...\n"
IN_REACH: dict[str, tuple[Files, bool]] = {
    "nothing async at all": ({}, False),
    "a conftest beside it": ({"conftest.py": NEAR}, True),
    "a plugin of its run": ({"pytest.ini": "[pytest]\naddopts = -p own\n", "own.py": NEAR}, True),
    "a plugin of a run elsewhere": (
        {"other/pytest.ini": "[pytest]\naddopts = -p own\n", "other/own.py": NEAR},
        False,
    ),
    "a plugin that its project registers": (
        {"pyproject.toml": "[project.entry-points.pytest11]\nown = 'own'\n", "own.py": NEAR},
        True,
    ),
    "a plugin that another project registers": (
        {"other/setup.cfg": "[options.entry_points]\npytest11 =\n  own = own\n", "own.py": NEAR},
        False,
    ),
    "a house rule": ({".awaited.toml": "extend-select = ['AWT505']\n"}, True),
}


@pytest.mark.parametrize(("others", "parsed"), IN_REACH.values(), ids=IN_REACH)
def test_a_file_is_parsed_only_if_something_async_is_in_its_reach(
    others: Files, *, parsed: bool
) -> None:
    files = {"sub/test_total.py": FAR, **others}
    shelf = Shelf(lambda paths: {path: content(files.get(path)) for path in paths})
    request = Request(tuple(files), candidates=("sub/test_total.py",))

    report, _ = answered(check_part(request, shelf), files)

    assert report.checked == ("sub/test_total.py",)
    assert ("sub/test_total.py" in shelf.library(request)._parsed) is parsed


def test_nothing_is_asked_for_twice_and_nothing_that_is_not_there() -> None:
    files = {
        "test_it.py": "from gone import Base\nfrom a import A\nclass TestIt(A): ...\n",
        "a.py": "from gone.deep import C\nclass A(C): ...\n",
    }

    _, asked = rounds(files)

    everything = [path for batch in asked for path in batch]
    assert sorted(everything) == sorted(set(everything))
    assert set(everything) <= set(files)


@pytest.mark.parametrize(("folder", "most"), [("src/m", 0), ("tests/test_m", 200)])
def test_a_finding_has_no_whole_repository_read(folder: str, most: int) -> None:
    files: Files = {
        "requirements.txt": "pytest==9.0.0\npytest-asyncio==1.3.0\n",
        "tests/base.py": "class Base:\n    async def test_total(self):\n        pass\n",
        "tests/test_child.py": "from tests.base import Base\n\nclass TestChild(Base): ...\n",
        **{f"{folder}{number}.py": "x = 1\n" for number in range(1_000)},
    }

    report, batches = rounds(files, candidates=("tests/test_child.py",))

    assert [one.code for one in report.findings] == ["AWT103"]
    assert sum(path.startswith(folder) for batch in batches for path in batch) <= most


def test_an_empty_tree_asks_for_nothing() -> None:
    report, asked = rounds({})

    assert asked == []
    assert report == Report(checked=(), findings=(), read={})


def test_only_candidates_are_checked() -> None:
    files = {"test_one.py": UNMARKED, "test_other.py": UNMARKED}

    report = report_on(files, candidates=("test_one.py",))

    assert report.checked == ("test_one.py",)


def test_a_named_file_is_checked_whatever_its_name() -> None:
    files = {"scenario.py": UNMARKED}

    assert report_on(files, candidates=("scenario.py",)).checked == ()
    assert report_on(files, candidates=(), named=("scenario.py",)).checked == ("scenario.py",)
    assert [one.line for one in report_on(files, named=("scenario.py",)).findings] == [1]


def test_what_a_verdict_read_is_told() -> None:
    files = {
        "test_it.py": f"from base import Base\nclass TestIt(Base):\n    {METHOD}",
        "base.py": "class Base: ...\n",
        "test_other.py": UNMARKED,
    }

    report = report_on(files)

    assert set(report.read["test_it.py"]) == {"test_it.py", "base.py"}
    assert set(report.read["test_other.py"]) == {"test_other.py"}


@pytest.mark.parametrize(
    ("there", "words"),
    [
        (Unreadable("larger than 1 MiB (2,000,000 bytes)"), "larger than 1 MiB"),
        (b"x = '\xff'\n", "cannot be decoded"),
        (b"\0\0", "null bytes"),
    ],
)
def test_what_cannot_be_read_is_an_error_and_the_others_are_checked(
    there: bytes | Unreadable, words: str
) -> None:
    report = report_on({"test_bad.py": there, "test_it.py": UNMARKED})

    assert [(one.path, words in one.reason) for one in report.errors] == [("test_bad.py", True)]
    assert report.checked == ("test_it.py",)
    assert len(report.findings) == 1


def test_a_file_that_went_away_between_listing_and_reading_is_an_error() -> None:
    asking = analyse(Request(paths=("test_it.py",)))
    next(asking)

    with pytest.raises(StopIteration) as stopped:
        asking.send({"test_it.py": None})

    report: Report = stopped.value.value
    assert [one.path for one in report.errors] == ["test_it.py"]


def test_a_broken_import_leaves_its_importers_unknown() -> None:
    files = {
        "test_it.py": f"from base import Base\nclass TestIt(Base):\n    {METHOD}",
        "base.py": "class Base(:\n",
    }

    assert report_on(files).findings == ()


def test_fixes_are_left_out_when_nobody_wants_them() -> None:
    [finding] = report_on({"test_it.py": UNMARKED}, fixing=Fixing.NONE).findings

    assert finding.fix is None


def test_a_file_that_brought_an_analysis_down_is_an_error_and_the_others_are_checked() -> None:
    files = {"test_bad.py": UNMARKED, "test_it.py": UNMARKED}

    report = report_on(files, quarantined=("test_bad.py",))

    assert [one.path for one in report.errors] == ["test_bad.py"]
    assert [one.path for one in report.findings] == ["test_it.py"]


def test_a_fix_that_would_break_the_file_is_not_offered() -> None:
    files = {"test_it.py": "pytest = 1\n" + UNMARKED}

    assert [one.fix for one in report_on(files).findings] == [None]


def test_findings_come_in_the_order_of_their_places() -> None:
    files = {"test_b.py": UNMARKED, "test_a.py": UNMARKED + "\n" + "async def test_z(): ...\n"}

    places = [(one.path, one.line) for one in report_on(files).findings]

    assert places == [("test_a.py", 1), ("test_a.py", 4), ("test_b.py", 1)]


def test_a_plan_holds_only_files_that_change() -> None:
    files = {"test_a.py": UNMARKED, "test_b.py": "def test_it(): ...\n"}

    plan = plan_for(files, Fixing.SAFE)

    assert list(plan.files) == ["test_a.py"]
    assert plan.after.findings == ()
    assert plan.fixed == plan.before.findings


def test_one_import_serves_ten_markers() -> None:
    files = {
        "test_it.py": "import os\n\n" + "\n".join(f"async def test_{n}(): ..." for n in range(10))
    }

    plan = plan_for(files, Fixing.SAFE)

    text = plan.files["test_it.py"].decode()
    assert text.count("import pytest") == 1
    assert text.count("@pytest.mark.asyncio") == 10
    assert len(plan.fixed) == 10


def test_expressions_deeper_than_the_stack_are_an_error_of_that_file_alone() -> None:
    deep = "import pytest\n@pytest" + ".mark" * 900 + "\n" + UNMARKED

    report = report_on({"test_deep.py": deep, "test_it.py": UNMARKED})

    assert [one.path for one in report.findings if one.path == "test_it.py"] == ["test_it.py"]


# -- configuration ---------------------------------------------------------------------------

TWO = {"tests/test_a.py": UNMARKED, "tests/old/test_b.py": UNMARKED}


def configured(text: str, **request: object) -> Report:
    return report_on({**TWO, ".awaited.toml": text}, **request)


def test_configuration_comes_in_the_first_batch() -> None:
    _, asked = rounds({**TWO, ".awaited.toml": "", "pyproject.toml": ""})

    assert asked == [frozenset({*TWO, ".awaited.toml", "pyproject.toml"})]


def test_what_is_excluded_is_not_checked_unless_it_is_named() -> None:
    excluded = "exclude = ['tests/old']\n"

    assert configured(excluded).checked == ("tests/test_a.py",)
    named = configured(excluded, named=("tests/old/test_b.py",))
    assert named.checked == ("tests/old/test_b.py", "tests/test_a.py")


def test_an_excluded_file_that_cannot_be_checked_is_no_error() -> None:
    files: Files = {"test_bad.py": b"\0", ".awaited.toml": "exclude = ['test_bad.py']\n"}

    assert report_on(files).errors == ()


def test_rules_that_are_ignored_say_nothing() -> None:
    assert configured("ignore = ['AWT103']\n").findings == ()


def test_rules_may_be_ignored_in_some_files() -> None:
    report = configured("per-file-ignores = { 'tests/old/**' = ['AWT103'] }\n")

    assert [one.path for one in report.findings] == ["tests/test_a.py"]


def test_severity_is_what_the_configuration_says() -> None:
    report = configured("severity = { AWT103 = 'warning', AWT002 = 'notice' }\nodd = 1\n")

    assert {(one.code, one.severity) for one in report.findings} == {
        ("AWT002", Severity.NOTICE),
        ("AWT103", Severity.WARNING),
    }


def test_a_configuration_that_comes_with_the_request_is_used_instead() -> None:
    file = ConfigurationFile("elsewhere.toml", "ignore = ['AWT103']\nodd = 1\n")

    report = configured("odd = 1\n", configuration=(file,))

    assert [(one.code, one.path) for one in report.findings] == [("AWT002", "elsewhere.toml")]


def test_the_trees_own_configuration_may_be_reviewed_though_another_holds() -> None:
    other = ConfigurationFile(".awaited.toml", "ignore = ['AWT103']\nodd = 1\n")

    report = configured("\nodd = 1\n", configuration=(other,), reviews_configuration=True)

    assert [(one.code, one.line) for one in report.findings] == [("AWT002", 2)]
    assert [note for note in report.notes if "once it is merged" in note]


ELSEWHERE = ((".awaited.toml", "base/a"), ("pyproject.toml", "base/b"))


def elsewhere(held: Content, own: str = "", **asked: object) -> tuple[Report, frozenset[str]]:
    """Check by a configuration that is asked for; return also what is asked for first."""
    files = {**TWO, ".awaited.toml": own}
    request = Request(tuple(files), configuration_elsewhere=ELSEWHERE, **asked)  # type: ignore[arg-type]
    contents = {path: content(text) for path, text in files.items()} | {"base/a": held}
    asking = analyse(request)
    first = wanted = next(asking)
    try:
        while True:
            wanted = asking.send({path: contents.get(path) for path in wanted})
    except StopIteration as end:
        return end.value, first


def test_a_configuration_may_be_asked_for_in_the_first_round_with_all_else() -> None:
    report, first = elsewhere(b"ignore = ['AWT103']\nodd = 1\n")

    assert {"base/a", "base/b", "tests/test_a.py"} <= first
    assert [(one.code, one.path) for one in report.findings] == [("AWT002", ".awaited.toml")]
    assert report.configured_by == (".awaited.toml",)


def test_where_it_is_not_there_no_configuration_holds() -> None:
    report, _ = elsewhere(None, "ignore = ['AWT103']\n")

    assert {one.code for one in report.findings} == {"AWT103"}
    assert report.configured_by == ()


def test_the_trees_own_is_looked_at_for_mistakes_where_that_is_wanted() -> None:
    report, _ = elsewhere(b"ignore = ['AWT103']\n", "\nodd = 1\n", reviews_configuration=True)

    assert [(one.code, one.line) for one in report.findings] == [("AWT002", 2)]
    assert [note for note in report.notes if "once it is merged" in note]


@pytest.mark.parametrize("reviewed", [True, False])
def test_one_that_cannot_be_read_is_an_error_until_it_is_changed(*, reviewed: bool) -> None:
    report, _ = elsewhere(Unreadable("larger than 1 MiB"), reviews_configuration=reviewed)

    assert [one.path for one in report.errors] == ([] if reviewed else [".awaited.toml"])


def test_a_configuration_that_says_the_same_needs_no_word() -> None:
    other = ConfigurationFile(".awaited.toml", "ignore = ['AWT103']\n")

    report = configured(
        "# the same\nignore = ['AWT103']\n", configuration=(other,), reviews_configuration=True
    )

    assert (report.findings, report.notes) == ((), ())


def test_no_configuration_at_all_may_be_wanted() -> None:
    report = configured("ignore = ['AWT103']\nodd = 1\n", configuration=())

    assert {one.code for one in report.findings} == {"AWT103"}


def test_the_command_lines_selection_is_stronger_than_the_configuration() -> None:
    report = configured("ignore = ['AWT103']\n", selection=Selection(extend_select=("AWT103",)))

    assert {one.code for one in report.findings} == {"AWT103"}


def test_a_configuration_that_cannot_be_read_is_an_error() -> None:
    report = report_on({**TWO, ".awaited.toml": Unreadable("larger than 1 MiB")})

    assert [(one.path, one.reason) for one in report.errors] == [
        (".awaited.toml", "larger than 1 MiB")
    ]


def test_fixes_follow_the_configuration() -> None:
    files = {**TWO, ".awaited.toml": "per-file-ignores = { 'tests/old/**' = ['AWT103'] }\n"}

    assert list(plan_for(files).files) == ["tests/test_a.py"]
