"""What a configuration means, and what is said of what means nothing."""

import pytest

from bot.analysis.configuration.config_reading import ReadConfig, read_config, read_settings
from bot.analysis.finding import Severity
from bot.analysis.fix_settings import FixAllow, FixMode, FixSettings
from bot.analysis.gate import OnInternalError
from bot.analysis.policy import Policy, Symbol
from bot.analysis.request import NO_SELECTION, ConfigurationFile, Selection
from bot.analysis.rule import Enabled, Rule


class Base(Policy, frozen=True, kw_only=True):
    base: Symbol


class Marked(Policy, frozen=True, kw_only=True):
    style: str = "plain"


RULES = [
    Rule("r.broken", "", "AWT001", Severity.FAILURE, enabled=Enabled.ALWAYS),
    Rule("r.never_runs", "", "AWT101", Severity.FAILURE),
    Rule("r.odd_mock", "", "AWT401", Severity.NOTICE),
    Rule("r.marked", "", "AWT501", Severity.FAILURE, enabled=Enabled.ON_REQUEST, policy=Marked),
    Rule("r.base", "", "AWT502", Severity.FAILURE, enabled=Enabled.ON_REQUEST, policy=Base),
]


def read(text: str, *, path: str = ".awaited.toml", said: Selection = NO_SELECTION) -> ReadConfig:
    return read_config([ConfigurationFile(path, text)], RULES, said)


def messages(text: str) -> list[tuple[int, str]]:
    return [(one.location.line, one.message) for one in read(text).problems]


def test_without_a_configuration_the_defaults_hold() -> None:
    found = read_config([], RULES, NO_SELECTION)

    assert found.config.enabled == ("AWT001", "AWT101", "AWT401")
    assert found.problems == ()


def test_a_project_file_holds_it_in_its_table() -> None:
    text = "[tool.awaited]\nignore = ['AWT401']\n"

    assert read(text, path="pyproject.toml").config.enabled == ("AWT001", "AWT101")


@pytest.mark.parametrize("text", ["", "[tool.other]\nawaited = 1\n", "# awaited\n[", "tool = 1"])
def test_a_project_file_without_the_table_says_nothing(text: str) -> None:
    files = [ConfigurationFile("pyproject.toml", text)]

    assert read_config(files, RULES, NO_SELECTION) == read_config([], RULES, NO_SELECTION)


def test_the_first_file_that_holds_any_is_used_alone_and_that_is_said() -> None:
    files = [
        ConfigurationFile(".awaited.toml", ""),
        ConfigurationFile("pyproject.toml", "[tool.awaited]\nignore = ['AWT1']\n"),
    ]

    found = read_config(files, RULES, NO_SELECTION)

    assert "AWT101" in found.config.enabled
    assert found.notes == (
        "pyproject.toml: [tool.awaited] is not used, because there is .awaited.toml",
    )


def test_the_command_line_comes_after_the_file() -> None:
    found = read("ignore = ['AWT1']\n", said=Selection(extend_select=("AWT101",)))

    assert "AWT101" in found.config.enabled


def test_rules_are_ignored_in_files_that_a_glob_names() -> None:
    config = read("[per-file-ignores]\n'tests/old/**' = ['AWT1']\n'!tests' = ['AWT4']\n").config

    assert config.ignored_in("tests/old/test_a.py") == {"AWT101"}
    assert config.ignored_in("tests/test_a.py") == set()
    assert config.ignored_in("src/test_a.py") == {"AWT401"}


def test_the_most_specific_severity_counts() -> None:
    config = read("[severity]\nALL = 'notice'\nAWT1 = 'warning'\nnever-runs = 'failure'\n").config

    severities = dict(config.severities)
    assert severities["AWT101"] is Severity.FAILURE
    assert severities["AWT401"] is Severity.NOTICE


def test_files_are_excluded_as_git_would() -> None:
    config = read("exclude = ['generated', 'tests/data/*.py', '!keep.py']\n").config

    paths = ["a/generated/b.py", "tests/data/a.py", "tests/data/deep/a.py", "generated/keep.py"]
    assert [config.excludes(path) for path in paths] == [True, True, False, False]


# -- house rules -----------------------------------------------------------------------------


def test_telling_a_house_rule_something_switches_it_on() -> None:
    found = read("[base]\nbase = 'SharedBase'\npaths = ['tests/**', '!tests/unit']\n")

    assert "AWT502" in found.config.enabled
    (policy,) = found.config.policies_of(Base, "tests/test_a.py")
    assert policy.base == "SharedBase"
    assert not list(found.config.policies_of(Base, "tests/unit/test_a.py"))
    assert not list(found.config.policies_of(Base, "src/test_a.py"))


def test_a_house_rule_may_have_several_tables() -> None:
    config = read("[[base]]\nbase = 'A'\npaths = ['a']\n[[base]]\nbase = 'B'\n").config

    assert [one.base for one in config.policies_of(Base, "a/test_a.py")] == ["A", "B"]
    assert [one.base for one in config.policies_of(Base, "b/test_a.py")] == ["B"]


def test_a_house_rule_that_is_told_something_may_be_selected_too() -> None:
    assert read("select = ['base']\n[base]\nbase = 'A'\n").problems == ()


def test_a_house_rule_that_is_told_something_can_be_ignored() -> None:
    assert "AWT502" not in read("ignore = ['AWT502']\n[base]\nbase = 'A'\n").config.enabled


def test_house_rules_that_are_off_are_told_nothing() -> None:
    assert read("").config.policies == ()
    assert read("ignore = ['AWT502']\n[base]\nbase = 'A'\n").config.policies == ()


def test_a_house_rule_that_needs_nothing_is_about_every_file() -> None:
    config = read("extend-select = ['AWT501']\n").config

    assert [one.style for one in config.policies_of(Marked, "any/test_a.py")] == ["plain"]


# -- what means nothing ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("\nslect = ['AWT1']", (2, "unknown key `slect`; did you mean `select`?")),
        ("unheard = 1", (1, "unknown key `unheard`")),
        ("select = [\n'AWT1',\n'AWT9']", (3, "there is no rule `AWT9`")),
        ("ignore = 'AWT1'", (1, "`ignore`: expected `array`, got `str`")),
        ("select = [1]", (1, "`select`: expected `str`, got `int` as item 1")),
        ("per-file-ignores = 1", (1, "`per-file-ignores`: expected `object`, got `int`")),
        ("[per-file-ignores]\na = 1", (2, "`a`: expected `array`, got `int`")),
        ("[per-file-ignores]\na = ['X']", (2, "there is no rule `X`")),
        (
            "[severity]\nAWT1 = 'fatal'",
            (2, "`AWT1`: must be one of `failure`, `warning`, `notice`"),
        ),
        ("[severity]\nX = 'notice'", (2, "there is no rule `X`")),
        ("exclude = ['a', '']", (1, "`exclude`: an empty glob names no file")),
        (
            "exclude = ['./tests']",
            (1, "`./tests` names no file: globs are relative to the root, `tests`"),
        ),
        (
            "per-file-ignores = {'!../a' = ['AWT1']}",
            (1, "`!../a` names no file: globs are relative to the root, `a`"),
        ),
        ("select = ['base']", (1, "AWT502 finds nothing without `base` in `[base]`")),
        ("[base]\npaths = ['a']", (1, "`base` is missing in `base`")),
        ("base = 1", (1, "`base` must be a table")),
        ("base = [1]", (1, "`base` must be a table")),
        ("[base]\nbase = 'A'\nbaes = 1", (3, "unknown key `baes`; did you mean `base`?")),
        ("[base]\nbase = 1", (2, "`base`: expected `str`, got `int`")),
        ("[base]\nbase = ''", (2, "`base`: expected `str` of length >= 1")),
        ("[marked]\npaths = ['']", (2, "`paths`: an empty glob names no file")),
        ("select = 'AWT1'", (1, "`select`: expected `array`, got `str`")),
    ],
)
def test_a_mistake_is_told_at_its_line(text: str, problem: tuple[int, str]) -> None:
    assert messages(text) == [problem]


def test_what_is_no_toml_is_told_where_it_ends_to_be() -> None:
    ((line, message),) = messages("a = 1\nb = x\n")

    assert line == 2
    assert message.startswith("this is not TOML: ")


def test_a_table_that_is_none_is_told_in_a_project_file() -> None:
    ((place, message),) = [
        (one.location.line, one.message)
        for one in read("[tool]\nawaited = 1\n", path="pyproject.toml").problems
    ]

    assert (place, message) == (2, "`tool.awaited` must be a table")


def test_a_mistake_costs_only_what_it_stands_in() -> None:
    found = read(
        "slect = 1\nignore = ['AWT4', 'AWT9']\nexclude = 1\n"
        "[per-file-ignores]\na = 1\nb = ['AWT1']\n[base]\nbase = 1\n"
    )

    assert found.config.enabled == ("AWT001", "AWT101", "AWT502")
    assert found.config.ignored_in("b") == {"AWT101"}
    assert len(found.problems) == 5


def test_a_select_that_cannot_be_read_counts_as_not_given() -> None:
    assert read("select = 1").config.enabled == ("AWT001", "AWT101", "AWT401")


def test_problems_come_in_order_and_not_without_end() -> None:
    problems = read("".join(f"key-{number} = 1\n" for number in range(80))).problems

    lines = [one.location.line for one in problems]
    assert lines == list(range(1, 51))


# -- digest ----------------------------------------------------------------------------------


def test_the_digest_is_that_of_what_holds_and_not_of_how_it_is_written() -> None:
    one = read("ignore = ['AWT4']\n[base]\nbase = 'A'\n").config
    same = read("# said otherwise\nignore = ['odd-mock']\nbase = { base = 'A' }\n").config

    assert one.digest == same.digest
    assert len(one.digest) == 64


@pytest.mark.parametrize(
    "text",
    [
        "ignore = ['AWT1']",
        "exclude = ['a']",
        "severity = { AWT1 = 'notice' }",
        "per-file-ignores = { a = ['AWT1'] }",
        "[base]\nbase = 'A'",
        "[marked]\nstyle = 'other'",
    ],
)
def test_whatever_changes_a_verdict_changes_the_digest(text: str) -> None:
    assert read(text).config.digest != read("").config.digest


def test_policies_of_different_kinds_differ_even_where_their_fields_do_not() -> None:
    class Other(Marked, frozen=True, kw_only=True):
        pass

    def of(kind: type[Marked]) -> str:
        return read_config(
            [], [*RULES[:3], Rule("r.x", "", "AWT9", Severity.NOTICE, policy=kind)], NO_SELECTION
        ).config.digest

    assert of(Marked) != of(Other)


def test_the_table_of_fixes_is_read() -> None:
    found = read("[fix]\nallow = 'maintain'\nmode = 'suggest'\n")

    assert found.config.fix == FixSettings(FixAllow.MAINTAIN, FixMode.SUGGEST)
    assert found.problems == ()


def test_a_mistake_about_fixes_costs_only_that_key() -> None:
    text = "[fix]\nallow = 'maintian'\nmode = 'patch'\nmodes = 1\n"

    assert read(text).config.fix == FixSettings(mode=FixMode.PATCH)
    assert messages(text) == [
        (2, "`allow`: must be one of `write`, `maintain`, `admin`; did you mean `maintain`?"),
        (4, "unknown key `modes`; did you mean `mode`?"),
    ]


def test_fixes_that_are_no_table_are_a_problem() -> None:
    assert messages("fix = true\n") == [(1, "`fix` must be a table")]
    assert read("fix = true\n").config.fix == FixSettings()


def test_how_fixes_are_made_is_read_whatever_else_is_wrong() -> None:
    text = "select = ['nothing']\n[tool]\n[house]\n[fix]\nallow = 'admin'\n"
    assert read_settings([ConfigurationFile(".awaited.toml", text)]).fix.allow is FixAllow.ADMIN
    assert read_settings([ConfigurationFile(".awaited.toml", "[fix")]).fix == FixSettings()
    assert read_settings([]).fix == FixSettings()


def test_a_glob_that_means_nothing_is_a_problem_and_names_no_file() -> None:
    text = "exclude = ['tests/data', 'a[z-a]', 'b\\\\']\n"

    assert messages(text.replace("\\\\", "\\")) == [
        (1, "`exclude`: `a[z-a]` is no glob, and names no file"),
        (1, "`exclude`: `b\\` is no glob, and names no file"),
    ]
    config = read(text).config
    assert config.excludes("tests/data/test_a.py")
    assert not config.excludes("az")


def test_how_our_own_failures_end_is_the_operators_to_say_where_nobody_does() -> None:
    assert read("").config.gate.on_internal_error is None
    said = read("on-internal-error = 'action_required'\n")
    assert said.config.gate.on_internal_error is OnInternalError.ACTION_REQUIRED


def test_a_value_that_is_left_out_by_default_is_explained_like_any_other() -> None:
    ((line, message),) = messages("on-internal-error = 'faliure'\n")

    assert line == 1
    assert message.startswith("`on-internal-error`: must be one of `neutral`, `failure`, `acti")
    assert message.endswith("; did you mean `failure`?")
