"""Real pytest on forgotten awaits: what passes without having run fails once it is repaired.

Every function that tests call here raises when it really runs, so a test that passes has not
run it, and a repaired one says so.
"""

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent, indent

import pytest

from bot.analysis.request import Fixing
from tests.conformance.judge import with_plugins
from tests.conformance.warm_pytest import WarmPytest
from tests.trees import plan_for, report_on

RAN = "it really ran"
START = f"""
import asyncio
import time
from contextlib import asynccontextmanager
from unittest import IsolatedAsyncioTestCase, TestCase

import pytest

async def work(*values):
    raise ArithmeticError("{RAN}")

async def stream():
    raise ArithmeticError("{RAN}")
    yield

@asynccontextmanager
async def opened():
    raise ArithmeticError("{RAN}")
    yield

class Service:
    async def work(self):
        raise ArithmeticError("{RAN}")

@pytest.fixture
def service():
    return Service()
"""
ASYNC = "async def test_it(service):\n"
SYNC = "def test_it():\n"


class Judge:
    """Runs a test file under real pytest and says what it printed."""

    def __init__(self, warm: WarmPytest, room: Path) -> None:
        self._warm = warm
        self._room = room

    def run(self, text: str) -> str:
        (self._room / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n")
        (self._room / "test_it.py").write_text(text)
        environment = {"PYTHONDONTWRITEBYTECODE": "1"}
        return self._warm.start(with_plugins({"asyncio"}), self._room, environment)


@pytest.fixture(scope="module")
def warm_pytest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmPytest]:
    with WarmPytest(tmp_path_factory.mktemp("bytecode")) as warm:
        yield warm


@pytest.fixture
def judge(warm_pytest: WarmPytest, tmp_path: Path) -> Judge:
    return Judge(warm_pytest, tmp_path)


def project(body: str, head: str = ASYNC) -> dict[str, str]:
    """Return a project in auto mode with one test."""
    test = head + indent(dedent(body).strip(), "    ") + "\n"
    return {"pytest.ini": "[pytest]\nasyncio_mode = auto\n", "test_it.py": f"{START}\n{test}"}


def codes(files: dict[str, str]) -> list[str]:
    return sorted({one.code for one in report_on(files).findings})


def repaired(files: dict[str, str]) -> str:
    plan = plan_for(files, Fixing.UNSAFE)
    assert plan.after.findings == ()
    return plan.files["test_it.py"].decode()


@pytest.mark.parametrize(
    ("code", "head", "body"),
    [
        ("AWT201", ASYNC, "work()"),
        ("AWT201", ASYNC, "service.work()"),
        ("AWT201", ASYNC, "made = work()"),
        ("AWT201", SYNC, "work()"),
        ("AWT202", ASYNC, "assert work()"),
        ("AWT202", ASYNC, "assert service.work() is not None"),
        ("AWT202", ASYNC, "assert work() != 3"),
        ("AWT202", ASYNC, "assert any([work()])"),
        ("AWT202", ASYNC, "assert all(work(one) for one in range(2))"),
        ("AWT202", ASYNC, "made = work()\nassert made"),
        ("AWT202", ASYNC, "if not work():\n    pytest.fail('no')"),
        ("AWT202", ASYNC, "assert 1 if work() else 0"),
        ("AWT202", SYNC, "assert work()"),
        ("AWT203", ASYNC, "async def check():\n    assert await work() == 3"),
        ("AWT203", SYNC, "async def check():\n    assert await work() == 3"),
        ("AWT203", SYNC, "async def check():\n    assert await work() == 3\ncheck()"),
        ("AWT204", ASYNC, "asyncio.gather(work(), work())"),
        ("AWT204", ASYNC, "asyncio.wait_for(work(), 1)"),
        ("AWT209", ASYNC, "return work()"),
    ],
)
def test_what_passes_without_having_run_fails_when_it_is_repaired(
    code: str, head: str, body: str, judge: Judge
) -> None:
    files = project(body, head)

    before = judge.run(files["test_it.py"])
    after = judge.run(repaired(files))

    assert codes(files) == [code]
    assert "1 passed" in before
    assert "1 failed" in after
    assert RAN in after
    assert "never awaited" not in after


@pytest.mark.parametrize(
    ("code", "method"),
    [
        ("AWT202", "async def test_it(self):\n    self.assertTrue(work())"),
        ("AWT202", "async def test_it(self):\n    self.assertNotEqual(work(), 3)"),
        ("AWT209", "def test_it(self):\n    return work()"),
    ],
)
def test_the_same_holds_in_a_class_of_unittest(code: str, method: str, judge: Judge) -> None:
    files = project(method, "class TestIt(IsolatedAsyncioTestCase):\n")

    before = judge.run(files["test_it.py"])
    after = judge.run(repaired(files))

    assert codes(files) == [code]
    assert "1 passed" in before
    assert "1 failed" in after
    assert RAN in after


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("AWT201", "assert f'{work()}'"),
        ("AWT202", "assert work"),
        ("AWT203", "async def check(value):\n    assert await work(value) == 3"),
        ("AWT205", "asyncio.create_task(work())"),
        ("AWT206", "opened()"),
        ("AWT206", "stream()"),
        ("AWT206", "assert opened()"),
        ("AWT208", "await asyncio.gather(work(), return_exceptions=True)"),
        ("AWT208", "await asyncio.wait([asyncio.ensure_future(work())])"),
        ("AWT212", "try:\n    await work()\nexcept ArithmeticError as error:\n    assert error"),
    ],
)
def test_what_only_its_author_can_repair_passes_too(code: str, body: str, judge: Judge) -> None:
    files = project(body)

    assert codes(files) == [code]
    assert plan_for(files, Fixing.UNSAFE).files == {}
    assert "1 passed" in judge.run(files["test_it.py"])


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("AWT201", "assert work().real"),
        ("AWT202", "assert not work()"),
        ("AWT202", "assert work() == 3"),
        ("AWT206", "with opened():\n    pass"),
        ("AWT206", "for one in stream():\n    pass"),
        ("AWT210", "asyncio.run(work())"),
        ("AWT210", "asyncio.get_running_loop().run_until_complete(work())"),
    ],
)
def test_what_fails_for_the_wrong_reason_fails_for_the_right_one_afterwards(
    code: str, body: str, judge: Judge
) -> None:
    files = project(body)

    before = judge.run(files["test_it.py"])
    after = judge.run(repaired(files))

    assert codes(files) == [code]
    assert "1 failed" in before
    assert f"ArithmeticError: {RAN}" not in before
    assert f"ArithmeticError: {RAN}" in after


@pytest.mark.parametrize(
    "body",
    [
        "with pytest.raises(ArithmeticError):\n    work()",
        "with pytest.raises(ArithmeticError, match='ran'):\n    service.work()",
        "async with pytest.raises(ArithmeticError):\n    await work()",
    ],
)
def test_errors_that_are_waited_for_come_when_it_is_repaired(body: str, judge: Judge) -> None:
    files = project(body)

    before = judge.run(files["test_it.py"])
    after = judge.run(repaired(files))

    assert codes(files) == ["AWT207"]
    assert "1 failed" in before
    assert "1 passed" in after
    assert "never awaited" not in after


@pytest.mark.parametrize(
    "body",
    [
        "made = work()\nawait made",
        "await asyncio.gather(*[work() for _ in range(2)])",
        "both = asyncio.gather(work(), service.work())\nawait both",
        "task = asyncio.create_task(work())\nawait task",
        "async with asyncio.TaskGroup() as group:\n    group.create_task(work())",
        "async def check():\n    await work()\nawait check()",
        "calls = {'work': work}\nawait calls['work']()",
        "async with opened():\n    pass",
        "async for one in stream():\n    pass",
        "return await work()",
        "await asyncio.wait_for(asyncio.shield(work()), 1)",
    ],
)
def test_what_runs_is_left_alone(body: str, judge: Judge) -> None:
    files = project(body)

    assert codes(files) == []
    assert RAN in judge.run(files["test_it.py"])


@pytest.mark.parametrize(
    "body",
    [
        "work().close()",
        "with pytest.warns(RuntimeWarning, match='never awaited'):\n    work()",
        "with pytest.raises(TypeError):\n    service.work(1)",
        "monkeypatch.setattr(Service, 'work', lambda self: 3)\nassert Service().work() == 3",
        "task = asyncio.create_task(asyncio.sleep(9))\ntask.cancel()",
    ],
)
def test_what_passes_for_good_reasons_is_left_alone(body: str, judge: Judge) -> None:
    files = project(body, "async def test_it(service, monkeypatch):\n")

    assert codes(files) == []
    assert "1 passed" in judge.run(files["test_it.py"])
