import re
import socket
from pathlib import Path

import pytest

from bot import settings as settings_module
from bot.settings import Settings, SettingsError

DOCUMENTED = Path(__file__).parents[1] / "docs" / "settings.md"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"
ENOUGH = {
    "AWAITED_APP_ID": "123",
    "AWAITED_PRIVATE_KEY": KEY,
    "AWAITED_WEBHOOK_SECRET": "hush",
}


def problems(**changes: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({**ENOUGH, **changes})
    return caught.value.problems


def test_three_variables_are_enough() -> None:
    settings = Settings.from_environment(ENOUGH)

    assert settings == Settings(
        app_id="123",
        private_key=KEY,
        webhook_secret="hush",
        database_url="sqlite:///awaited.sqlite",
        github_api_url="https://api.github.com",
        host="0.0.0.0",  # noqa: S104 - that is what is expected
        port=8080,
        worker_id=socket.gethostname(),
        on_internal_error="neutral",
        commits_a_day=10,
        log_format="auto",
    )
    assert settings.webhook_secrets == ("hush",)


def test_everything_can_be_set() -> None:
    settings = Settings.from_environment(
        {
            **ENOUGH,
            "AWAITED_WEBHOOK_SECRET_PREVIOUS": "old",
            "AWAITED_DATABASE_URL": "postgresql://bot:pw@db/bot",
            "AWAITED_GITHUB_API_URL": "https://github.example/api/v3/",
            "AWAITED_HOST": "127.0.0.1",
            "AWAITED_PORT": "9000",
            "PORT": "1",
            "AWAITED_WORKER_ID": "worker-1",
            "DYNO": "web.1",
            "AWAITED_ON_INTERNAL_ERROR": "failure",
            "AWAITED_COMMITS_A_DAY": "0",
            "AWAITED_LOG_FORMAT": "json",
        }
    )

    assert settings.webhook_secrets == ("hush", "old")
    assert settings.database_url == "postgresql://bot:pw@db/bot"
    assert settings.github_api_url == "https://github.example/api/v3"
    assert (settings.host, settings.port) == ("127.0.0.1", 9000)
    assert settings.worker_id == "worker-1"
    assert (settings.on_internal_error, settings.log_format) == ("failure", "json")
    assert settings.commits_a_day == 0


def test_a_platform_may_choose_port_and_name() -> None:
    settings = Settings.from_environment({**ENOUGH, "PORT": "5000", "DYNO": "web.1"})

    assert (settings.port, settings.worker_id) == (5000, "web.1")


def test_the_private_key_can_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "app.pem"
    file.write_text(f"{KEY}\n", encoding="utf-8")
    environment = {**ENOUGH, "AWAITED_PRIVATE_KEY": "", "AWAITED_PRIVATE_KEY_FILE": str(file)}

    assert Settings.from_environment(environment).private_key == f"{KEY}\n"


def test_a_private_key_on_one_line_is_spread_again() -> None:
    one_line = KEY.replace("\n", "\\n")

    settings = Settings.from_environment({**ENOUGH, "AWAITED_PRIVATE_KEY": one_line})

    assert settings.private_key == KEY


def test_all_problems_are_told_at_once_and_each_names_its_variable() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"AWAITED_PORT": "http", "AWAITED_LOG_FORMAT": "xml"})

    names = [problem.split()[0] for problem in caught.value.problems]
    assert names == [
        "AWAITED_APP_ID",
        "AWAITED_PRIVATE_KEY",
        "AWAITED_WEBHOOK_SECRET",
        "AWAITED_PORT",
        "AWAITED_LOG_FORMAT",
    ]
    assert all("set it to" in problem for problem in caught.value.problems)
    assert str(caught.value).count("\n") == 4


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AWAITED_APP_ID", "Iv1.abc"),
        ("AWAITED_PRIVATE_KEY", "ghs_not_a_key"),
        ("AWAITED_DATABASE_URL", "mysql://root:hunter2@db/bot"),
        ("AWAITED_DATABASE_URL", "sqlite:///:memory:"),
        ("AWAITED_DATABASE_URL", "sqlite:///"),
        ("AWAITED_GITHUB_API_URL", "api.github.com"),
        ("AWAITED_GITHUB_API_URL", "ftp://github.example"),
        ("AWAITED_PORT", "-1"),
        ("AWAITED_PORT", "65536"),
        ("PORT", "x"),
        ("AWAITED_ON_INTERNAL_ERROR", "success"),
        ("AWAITED_COMMITS_A_DAY", "-1"),
        ("AWAITED_COMMITS_A_DAY", "many"),
        ("AWAITED_COMMITS_A_DAY", "1001"),
    ],
)
def test_a_wrong_value_is_a_problem(variable: str, value: str) -> None:
    (problem,) = problems(**{variable: value})

    assert problem.startswith(variable)


def test_no_problem_quotes_what_may_be_secret() -> None:
    told = problems(
        AWAITED_PRIVATE_KEY="ghs_not_a_key", AWAITED_DATABASE_URL="mysql://root:hunter2@db/bot"
    )

    assert not any("hunter2" in problem or "ghs_" in problem for problem in told)


def test_a_key_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    (problem,) = problems(
        AWAITED_PRIVATE_KEY="", AWAITED_PRIVATE_KEY_FILE=str(tmp_path / "none.pem")
    )

    assert problem.startswith("AWAITED_PRIVATE_KEY_FILE")
    assert "cannot be read" in problem


def test_settings_can_be_shown_without_their_secrets() -> None:
    settings = Settings.from_environment(
        {**ENOUGH, "AWAITED_DATABASE_URL": "postgresql://bot:hunter2@db/bot"}
    )

    shown = repr(settings)
    assert "hush" not in shown
    assert "PRIVATE" not in shown
    assert "hunter2" not in shown


def test_the_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENOUGH.items():
        monkeypatch.setenv(name, value)

    assert Settings.from_environment().app_id == "123"


def test_every_variable_is_documented_and_every_documented_one_is_read() -> None:
    source = Path(settings_module.__file__).read_text(encoding="utf-8")
    rows = DOCUMENTED.read_text(encoding="utf-8").splitlines()

    documented = [row.split("`")[1] for row in rows if row.startswith("| `")]
    assert sorted(documented) == sorted({*re.findall(r"\bAWAITED_[A-Z_]+\b", source)})
