"""Verdicts that real pytest cannot judge: of runs whose plugins nobody here has."""

from bot.analysis.answer import Answer
from tests.analysis.facts_of import facts_of

TESTS = """
    import pytest

    async def test_bare(): ...

    @pytest.mark.asyncio
    async def test_marked(): ...
"""


def verdicts(**settings: str) -> dict[str, Answer]:
    facts = facts_of({"test_it.py": TESTS, **settings})
    module = facts.project.module("test_it.py")
    assert module is not None
    return {test.name: facts.verdict(test).runs for test in facts.tests(module)}


def test_a_plugin_for_async_code_that_nobody_knows_may_run_what_nothing_else_does() -> None:
    found = verdicts(**{"requirements.txt": "pytest-asyncio\npytest-async-magic\n"})

    assert found == {"test_bare": Answer.UNKNOWN, "test_marked": Answer.YES}


def test_a_container_that_sets_a_mode_may_run_what_nothing_else_does() -> None:
    dockerfile = "FROM python\nCMD pytest -o asyncio_mode=auto\n"

    found = verdicts(Dockerfile=dockerfile, **{"requirements.txt": "pytest-asyncio\n"})

    assert found == {"test_bare": Answer.UNKNOWN, "test_marked": Answer.YES}
