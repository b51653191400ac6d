"""Async fixtures whose users await them by hand, as was possible before pytest 9."""

from tests.conformance.case import Case

CASES = (
    Case(
        "A test awaits the coroutine that an async fixture hands it",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def number():
                    ran()
                    return 3

                @pytest.mark.asyncio
                async def test_it(number):
                    ran()
                    assert await number == 3

                @pytest.mark.asyncio
                async def test_with_a_name(number):
                    ran()
                    value = number
                    assert (await value) + 1 == 4
            """
        },
        repairable=True,
    ),
    Case(
        "A fixture that is asked for while a loop runs is left to people",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def number():
                    ran()
                    return 3

                @pytest.mark.asyncio
                async def test_it(request):
                    ran()
                    assert await request.getfixturevalue("number") == 3
            """
        },
    ),
    Case(
        "A fixture awaits another, and one hands it on",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def number():
                    ran()
                    return 3

                @pytest.fixture
                async def bigger(number):
                    ran()
                    return await number + 1

                @pytest.fixture
                def same(number):
                    return number

                @pytest.mark.asyncio
                async def test_bigger(bigger):
                    ran()
                    assert await bigger == 4

                @pytest.mark.asyncio
                async def test_same(same):
                    ran()
                    assert await same == 3
            """
        },
        repairable=True,
    ),
    Case(
        "A fixture that tests of another file await is left to people",
        {
            "conftest.py": """
                import pytest

                @pytest.fixture
                async def number():
                    ran()
                    return 3
            """,
            "tests/test_it.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_it(number):
                    ran()
                    assert await number == 3
            """,
        },
    ),
    Case(
        "A fixture whose coroutine is given to a loop is left to people",
        {
            "test_it.py": """
                import asyncio
                import pytest

                @pytest.fixture
                async def number():
                    ran()
                    return 3

                @pytest.fixture
                async def stream():
                    ran()
                    yield 4

                def test_it(number):
                    ran()
                    assert asyncio.run(number) == 3

                @pytest.mark.asyncio
                async def test_stream(stream):
                    ran()
                    async for one in stream:
                        assert one == 4
            """
        },
    ),
    Case(
        "An overriding fixture awaits the one that it hides",
        {
            "conftest.py": """
                import pytest

                @pytest.fixture
                async def number():
                    ran()
                    return 3
            """,
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def number(number):
                    ran()
                    return await number + 1

                @pytest.mark.asyncio
                async def test_it(number):
                    ran()
                    assert await number == 4
            """,
        },
    ),
)
