import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.web import logs

TOKEN = "ghs_0123456789abcdefghijABCDEFGHIJ012345"


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_a_line_is_json_and_carries_its_context(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")

    with structlog.contextvars.bound_contextvars(delivery="guid", installation=7):
        structlog.stdlib.get_logger("bot").info("delivery", outcome="new")

    (line,) = written(capsys)
    assert line.pop("timestamp")
    assert line == {
        "event": "delivery",
        "level": "info",
        "outcome": "new",
        "delivery": "guid",
        "installation": 7,
    }


def test_lines_of_libraries_look_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")

    logging.getLogger("aiohttp.server").error("Error handling %s", "request")

    (line,) = written(capsys)
    assert (line["event"], line["level"]) == ("Error handling request", "error")


def test_no_credential_is_written_wherever_it_hides(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", secrets=["", 'my "secret"'])

    error = ValueError(f"refused {TOKEN}")
    structlog.stdlib.get_logger("bot").error(
        "oops", exc_info=error, token=TOKEN, hook='my "secret"'
    )
    logging.getLogger("dbos").warning("url %s", f"https://x:{TOKEN}@github.com")

    text = capsys.readouterr().err
    assert "refused [redacted]" in text
    assert "ghs_" not in text
    assert "secret" not in text
    assert all(json.loads(line) for line in text.splitlines())


def test_people_get_a_line_that_they_can_read(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("console")

    structlog.stdlib.get_logger("bot").info("delivery", token=TOKEN)

    text = capsys.readouterr().err
    assert "delivery" in text
    assert "token=[redacted]" in text
    assert not text.startswith("{")


def test_where_no_terminal_is_machines_read(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("auto")

    structlog.stdlib.get_logger("bot").warning("delivery")

    (line,) = written(capsys)
    assert line["level"] == "warning"


def test_setting_up_twice_does_not_double_the_lines(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    logs.configure("json")

    structlog.stdlib.get_logger("bot").info("once")

    assert len(written(capsys)) == 1
