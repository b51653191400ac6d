"""The demo plays its story as a process of its own, and says what came out otherwise."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import msgspec
import pytest

from bot.cli.demo.narration import Narration
from bot.cli.demo.stage import EVENTS, PERMISSIONS, Stage
from bot.cli.demo.story import PLANTED, play

AWAITED = Path(sys.executable).with_name("awaited")
MANIFEST = Path(__file__).parents[3] / "app.yaml"


@pytest.fixture(scope="module")
def told() -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [AWAITED, "demo", "--once", "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def test_the_story_comes_out_right(told: subprocess.CompletedProcess[str]) -> None:
    story = json.loads(told.stdout)

    assert story["surprises"] == []
    assert told.returncode == 0, told.stderr
    assert (story["conclusion_before"], story["conclusion_after"]) == ("failure", "success")
    assert {one["code"] for one in story["findings_before"]} == set(PLANTED)
    assert story["findings_after"] == []


def test_each_fix_is_one_commit_of_the_bot(told: subprocess.CompletedProcess[str]) -> None:
    first, second = json.loads(told.stdout)["fix_commits"]

    assert second["parents"] == [first["sha"]]
    assert {first["author"], second["author"]} == {"awaited[bot]"}
    assert "Requested-by: @maintainer" in first["message"]


def test_real_pytest_awaits_every_test_after_the_fix_and_not_before(
    told: subprocess.CompletedProcess[str],
) -> None:
    story = json.loads(told.stdout)
    before, after = story["pytest_before"], story["pytest_after"]

    assert before["never_awaited"]
    assert before["exit_code"] != 0
    assert after["never_awaited"] == []
    assert after["awaited"] == after["async_tests"] == before["async_tests"]
    assert after["exit_code"] == 0


def test_the_referee_has_judged_everything(told: subprocess.CompletedProcess[str]) -> None:
    story = json.loads(told.stdout)

    assert story["referee"]["violations"] == []
    assert story["referee"]["exchanges"] >= sum(story["api_requests"].values())


async def test_a_story_that_comes_out_otherwise_is_told(tmp_path: Path) -> None:
    async with Stage.open(tmp_path) as stage:
        stage.repository.permissions[stage.author.login] = "read"

        story = await play(stage, Narration(silent=True))

    assert "/fix-async must push a commit" in story.surprises
    assert "the last check must be green" in story.surprises


def test_left_running_it_shows_a_page_and_ends_when_told(tmp_path: Path) -> None:
    with subprocess.Popen(
        [AWAITED, "demo"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().split()[-1]
            assert "Press" in process.stdout.readline()
            with urlopen(address, timeout=30) as page:  # noqa: S310 - the demo's own address
                text = page.read().decode()
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
        finally:
            process.kill()

    assert "Take parcels back" in text
    assert "gone" in errors
    assert process.returncode == 0


def test_json_without_once_says_what_to_do() -> None:
    done = subprocess.run(
        [AWAITED, "demo", "--json"], capture_output=True, text=True, check=False, timeout=60
    )

    assert done.returncode == 2
    assert "--once" in done.stderr


def test_the_app_of_the_demo_is_the_one_of_the_manifest() -> None:
    manifest = msgspec.yaml.decode(MANIFEST.read_bytes(), type=dict[str, object])

    assert manifest["default_permissions"] == PERMISSIONS
    assert manifest["default_events"] == list(EVENTS)
