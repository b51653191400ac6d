"""Words taken apart as pytest's own parser does it."""

from itertools import pairwise

import pytest
from _pytest.config import get_config
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.pytest_runs.command_line import CommandLine, parse
from bot.analysis.pytest_runs.shell_words import HIDDEN

PARSER = get_config()._parser
OWN = st.sampled_from([
    "-v", "-x", "-xvs", "-vv", "-q", "-k", "-kexpr", "-xk", "-m", "-c", "-cci.ini", "-o", "-rA",
    "-oa=b", "-p", "-pno:x", "-W", "-Wd", "-W=d", "--ignore", "--ignore=a", "--deselect=b",
    "--rootdir", "--rootdir=c", "--pyargs", "--import-mode=append", "--tb", "--tb=no", "--co",
    "--config-file=d", "--override-ini=e=f", "--strict-config", "--junitxml=x", "--debug",
    "--lf", "--unknown", "--unknown=1", "-n", "-n4", "a", "b/c.py", "d::e", "a b",
])  # fmt: skip
DESTINATIONS = {
    "-k": "keyword",
    "-m": "markexpr",
    "--config-file": "inifilename",
    "--override-ini": "override_ini",
    "-p": "plugins",
    "--pythonwarnings": "pythonwarnings",
    "--ignore": "ignore",
    "--deselect": "deselect",
    "--rootdir": "rootdir",
    "--import-mode": "importmode",
    "--tb": "tbstyle",
}


def own(words: list[str]) -> CommandLine:
    return parse(words, lambda _: False, plugins=False)


def needs_a_value(words: list[str]) -> bool:
    """Whether an option lacks its value, which argparse refuses."""
    valued = {"-k", "-xk", "-m", "-c", "-o", "-p", "-W", "--ignore", "--rootdir", "--tb"}
    pairs = pairwise([*words, "--"])
    return any(word in valued and after.startswith("-") for word, after in pairs)


@given(st.lists(OWN, max_size=6))
def test_pytest_s_own_options_are_taken_apart_as_pytest_does(words: list[str]) -> None:
    if needs_a_value(words) or "--debug" in words or "--tb" in words:
        return
    known, _ = PARSER.parse_known_and_unknown_args(words)
    line = own(words)

    assert list(line.arguments) == known.file_or_dir
    for option, destination in DESTINATIONS.items():
        value = getattr(known, destination)
        if isinstance(value, list):
            assert list(line.every(option)) == [one.removeprefix("=") for one in value]
        elif line.given(option):
            assert line.last(option) == value


def loaded(*words: str) -> CommandLine:
    return parse(words, lambda word: word == "there", plugins=True)


def test_a_plugin_s_option_takes_its_value_once_plugins_are_loaded() -> None:
    assert own(["--asyncio-mode", "auto", "a"]).arguments == ("auto", "a")
    assert loaded("--asyncio-mode", "auto", "a").arguments == ("a",)
    assert loaded("-n", "4", "a").last("--numprocesses") == "4"


def test_the_word_behind_an_unknown_option_is_its_value_unless_it_is_a_path() -> None:
    assert loaded("--mystery", "value", "a").arguments == ("a",)
    assert loaded("--mystery", "there").arguments == ("there",)
    assert loaded("--mystery=x", "value").arguments == ("value",)
    assert loaded("--verbose", "value").arguments == ("value",)
    assert loaded("--mystery").arguments == ()


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        (("--cov", "src", "tests"), ("tests",)),
        (("--cov=src", "tests"), ("tests",)),
        (("--cov", "-v", "tests"), ("tests",)),
        (("--cov", "--cov-report", "xml", "tests"), ("tests",)),
        (("tests", "--cov"), ("tests",)),
    ],
)
def test_an_optional_value_is_taken_where_one_stands(
    words: tuple[str, ...], arguments: tuple[str, ...]
) -> None:
    assert loaded(*words).arguments == arguments


def test_a_value_that_is_missing_is_empty() -> None:
    assert own(["--rootdir"]).last("--rootdir") == ""
    assert own(["-k"]).last("-k") == ""
    assert own(["-k", "-v"]).last("-k") == ""


def test_an_option_that_is_not_given_has_no_value() -> None:
    assert own([]).last("-k") is None
    assert own([]).every("--ignore") == ()


def test_flags_that_stand_for_ini_options_override_them() -> None:
    line = own(["--strict", "-o", "a=b", "-oa=c", "--override-ini=x"])

    assert line.overrides() == {"strict": "true", "a": "c", "x": ""}


def test_only_a_word_of_its_own_can_hide_options() -> None:
    assert own([HIDDEN]).hidden
    assert not own(["-k", HIDDEN]).hidden
    assert not own([f"--junitxml={HIDDEN}", f"a/{HIDDEN}"]).hidden
