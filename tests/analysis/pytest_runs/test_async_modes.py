"""Modes of the async plugins, with the versions that brought and took them."""

from collections.abc import Mapping

import pytest

from bot.analysis.answer import Answer
from bot.analysis.pytest_runs.async_modes import AsyncioMode
from bot.analysis.pytest_runs.config_files import ConfigFiles
from bot.analysis.pytest_runs.invocation import Invocation
from bot.analysis.pytest_runs.pytest_config import PytestRun, resolve
from bot.analysis.pytest_runs.versions import read_versions

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def run_of(requirements: str, ini: str, *words: str, **more: str) -> PytestRun:
    files: Mapping[str, str] = {"pytest.ini": f"[pytest]\n{ini}", **more}
    if requirements:
        files = {"requirements.txt": requirements, **files}
    known = ConfigFiles(files, files)
    return resolve(Invocation("pytest", "", words), known, read_versions(known))


@pytest.mark.parametrize(
    ("version", "ini", "mode"),
    [
        ("0.16.0", "", AsyncioMode.LEGACY),
        ("0.16.0", "asyncio_mode = auto", AsyncioMode.LEGACY),
        ("0.17.2", "", AsyncioMode.LEGACY),
        ("0.18.3", "", AsyncioMode.LEGACY),
        ("0.18.3", "asyncio_mode = strict", AsyncioMode.STRICT),
        ("0.19.0", "", AsyncioMode.STRICT),
        ("0.19.0", "asyncio_mode = legacy", AsyncioMode.LEGACY),
        ("0.20.3", "asyncio_mode = auto", AsyncioMode.AUTO),
        ("1.5.0", "", AsyncioMode.STRICT),
    ],
)
def test_the_default_mode_went_from_legacy_to_strict(
    version: str, ini: str, mode: AsyncioMode
) -> None:
    assert run_of(f"pytest-asyncio=={version}", ini).asyncio_mode is mode


@pytest.mark.parametrize("version", ["0.20.3", "0.26.0", "1.5.0"])
def test_legacy_is_refused_since_it_is_gone(version: str) -> None:
    refused = run_of(f"pytest-asyncio=={version}", "asyncio_mode = legacy").refused

    assert refused == "'legacy' is not a valid asyncio_mode"


@pytest.mark.parametrize(
    ("requirements", "ini", "words", "active"),
    [
        ("", "", (), UNKNOWN),
        ("pytest", "", (), UNKNOWN),
        ("pytest-asyncio", "", (), YES),
        ("pytest-aiohttp", "", (), YES),
        ("pytest", "asyncio_mode = strict", (), YES),
        ("pytest", "", ("--asyncio-mode=strict",), YES),
        ("", "", ("-p", "asyncio"), YES),
        ("pytest-asyncio", "", ("-p", "no:asyncio"), NO),
    ],
)
def test_the_plugin_is_there_if_anything_shows_it(
    requirements: str, ini: str, words: tuple[str, ...], active: Answer
) -> None:
    assert run_of(requirements, ini, *words).asyncio_active is active


def test_a_lock_file_without_the_plugin_says_that_it_is_not_there() -> None:
    lock = '[[package]]\nname = "pytest"\nversion = "9.1.0"\n'

    assert run_of("", "", **{"uv.lock": lock}).asyncio_active is NO
    with_plugin = lock + '[[package]]\nname = "pytest-asyncio"\nversion = "1.3.0"\n'
    assert run_of("", "", **{"uv.lock": with_plugin}).asyncio_active is YES


@pytest.mark.parametrize(
    ("requirements", "ini", "words", "auto"),
    [
        ("anyio", "", (), NO),
        ("anyio", "anyio_mode = auto", (), YES),
        ("anyio", "anyio_mode = strict", (), NO),
        ("anyio", "anyio_mode = strict", ("--anyio-mode=auto",), YES),
        ("anyio", "anyio_mode = auto", ("--anyio-mode=strict",), YES),
        ("anyio==4.10.0", "anyio_mode = auto", (), NO),
        ("anyio==4.11.0", "anyio_mode = auto", (), YES),
        ("anyio==4.15.0", "", ("--anyio-mode=auto",), YES),
        ("anyio", "anyio_mode = auto", ("-p", "no:anyio"), NO),
    ],
)
def test_anyio_runs_unmarked_tests_if_either_word_says_so(
    requirements: str, ini: str, words: tuple[str, ...], auto: Answer
) -> None:
    assert run_of(requirements, ini, *words).anyio_auto is auto


def test_an_older_anyio_does_not_know_its_option() -> None:
    refused = run_of("anyio==4.14.2", "", "--anyio-mode=auto").refused

    assert refused == "unrecognized arguments: --anyio-mode (anyio is older than 4.15)"


@pytest.mark.parametrize(
    ("ini", "words", "auto"),
    [
        ("trio_mode = true", (), YES),
        ("trio_mode = false", (), NO),
        ("", (), NO),
        ("trio_mode = true", ("-p", "no:trio"), NO),
    ],
)
def test_trio_runs_unmarked_tests_in_its_mode(
    ini: str, words: tuple[str, ...], auto: Answer
) -> None:
    assert run_of("pytest-trio", ini, *words).trio_auto is auto


@pytest.mark.parametrize("module", ["anyio.pytest_plugin", "pytest_trio.plugin"])
def test_a_plugin_under_two_names_is_refused(module: str) -> None:
    refused = run_of("", "", "-p", module).refused

    assert refused == f"Plugin already registered under a different name: {module}"
