"""Hypothesis and async tests."""

from tests.conformance.case import AUTO, Case

HYPOTHESIS = frozenset({"asyncio", "hypothesis"})
HEAD = """
    import unittest
    import hypothesis
    import pytest
    from hypothesis import example, given, settings
    from hypothesis import strategies as st

    settings.register_profile("quick", max_examples=2, database=None, deadline=None)
    settings.load_profile("quick")
"""

CASES = (
    Case(
        "Given tests run with the marker on either side",
        {
            "test_it.py": HEAD
            + """
    @pytest.mark.asyncio
    @given(st.integers())
    async def test_above(number): ran()

    @given(number=st.integers())
    @pytest.mark.asyncio
    async def test_below(number): ran()

    @settings(max_examples=1)
    @hypothesis.given(st.integers())
    @pytest.mark.asyncio
    async def test_settings(number): ran()

    class TestIt:
        @pytest.mark.asyncio
        @given(number=st.integers())
        @example(number=1)
        async def test_method(self, number): ran()
"""
        },
        plugins=HYPOTHESIS,
    ),
    Case(
        "Given tests without a marker are refused",
        {
            "test_it.py": HEAD
            + """
    @given(st.integers())
    async def test_it(number): ran()

    @given(st.integers())
    def test_sync(number): ran()

    class TestIt:
        @given(number=st.integers())
        async def test_method(self, number): ran()
"""
        },
        plugins=HYPOTHESIS,
    ),
    Case(
        "Given tests run in auto mode",
        {
            "pytest.ini": AUTO,
            "test_it.py": HEAD
            + """
    @given(st.integers())
    async def test_it(number): ran()

    class TestIt:
        @given(number=st.integers())
        async def test_method(self, number): ran()
""",
        },
        plugins=HYPOTHESIS,
    ),
    Case(
        "Given tests of TestCases are refused",
        {
            "test_it.py": HEAD
            + """
    class TestLost(unittest.TestCase):
        @given(number=st.integers())
        async def test_it(self, number): ran()
"""
        },
        plugins=HYPOTHESIS,
    ),
    Case(
        "Given tests of an IsolatedAsyncioTestCase",
        {
            "test_it.py": HEAD
            + """
    class TestIsolated(unittest.IsolatedAsyncioTestCase):
        @given(number=st.integers())
        async def test_it(self, number): ran()

        async def test_bare(self): ran()
"""
        },
        plugins=HYPOTHESIS,
    ),
    Case(
        "Given tests with a runner inside run",
        {
            "test_it.py": HEAD
            + """
    import asyncio, functools

    def blocking(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return asyncio.run(function(*args, **kwargs))
        return wrapper

    @given(number=st.integers())
    @blocking
    async def test_it(number): ran()
"""
        },
        plugins=HYPOTHESIS,
    ),
)
