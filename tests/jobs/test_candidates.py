from datetime import date

from bot.analysis.finding import FileError
from bot.analysis.request import Fixing, Report
from bot.github.changes import ChangedFile
from bot.github.trees import Mode, Tree, TreeEntry
from bot.jobs.candidates import candidates, fixable, request_for, with_unlisted

TODAY = date(2026, 6, 15)
REPORT = Report(checked=("a.py",), findings=(), errors=(FileError("b.py", "binary"),))


def changed(path: str, status: str = "modified") -> ChangedFile:
    return ChangedFile(path, status, None, None)


def tree(*paths: str, mode: str = Mode.FILE, truncated: bool = False) -> Tree:
    return Tree({path: TreeEntry("oid", mode, 1) for path in paths}, truncated=truncated)


def test_python_files_that_are_there_are_candidates() -> None:
    files = [
        changed("added.py", "added"),
        changed("moved.py", "renamed"),
        changed("gone.py", "removed"),
        changed("README.md"),
    ]
    assert candidates(files) == ("added.py", "moved.py")


def test_what_github_itself_reads_is_not_written() -> None:
    assert fixable(["tests/test_a.py", ".github/test_b.py"]) == ("tests/test_a.py",)


def test_a_request_names_the_tree_and_the_candidates_in_it() -> None:
    request = request_for(["a.py", "newer.py"], tree("a.py", "b.py"), Fixing.SAFE, today=TODAY)

    assert request.paths == ("a.py", "b.py")
    assert request.candidates == ("a.py",)
    assert request.fixing is Fixing.SAFE
    assert request.today == TODAY


def test_a_submodule_is_no_file() -> None:
    assert request_for(["a"], tree("a", mode=Mode.SUBMODULE), Fixing.SAFE, today=TODAY).paths == ()


def test_a_report_on_all_there_is_stays_as_it_is() -> None:
    assert with_unlisted(REPORT, is_complete=True, tree=tree("a.py")) == REPORT
    assert with_unlisted(REPORT, is_complete=True, tree=None) == REPORT


def test_a_list_of_changes_that_was_cut_is_an_error() -> None:
    report = with_unlisted(REPORT, is_complete=False, tree=None)
    assert [error.path for error in report.errors] == ["b.py", "(further changed files)"]


def test_a_tree_that_was_cut_is_an_error() -> None:
    report = with_unlisted(REPORT, is_complete=True, tree=tree("a.py", truncated=True))
    assert "more files than can be listed" in report.errors[-1].reason
