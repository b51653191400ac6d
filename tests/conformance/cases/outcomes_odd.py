"""Skipped tests, static methods, scripts and missing plugins."""

from tests.conformance.case import AUTO, Case

CASES = (
    Case(
        "A skipped test is nobody's business",
        {
            "test_it.py": """
                import pytest

                @pytest.mark.skip
                async def test_skipped():
                    ran()

                @pytest.mark.skip(reason="later")
                @pytest.mark.asyncio
                async def test_skipped_and_marked():
                    ran()

                @pytest.mark.asyncio
                @pytest.mark.skipif(False, reason="never")
                async def test_not_skipped():
                    ran()

                @pytest.mark.skipif(False, reason="never")
                async def test_not_skipped_and_not_marked():
                    ran()

                @pytest.mark.skipif(True, reason="always")
                async def test_always_skipped():
                    ran()
            """
        },
    ),
    Case(
        "A test that skips itself was awaited first",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import pytest

                async def test_it():
                    ran()
                    pytest.skip("not on this machine")
            """,
        },
    ),
    Case(
        "A sync test that returns a coroutine is no async test",
        {
            "test_it.py": """
                async def work():
                    ran()

                def test_returns():
                    return work()

                test_lambda = lambda: work()

                def test_runs():
                    import asyncio
                    asyncio.run(work())
            """
        },
    ),
    Case(
        "A sync test with an event loop of its own is left alone",
        {
            "test_it.py": """
                import asyncio

                def test_it():
                    async def test_inner():
                        ran()

                    asyncio.run(test_inner())

                def test_loop():
                    async def go():
                        ran()

                    loop = asyncio.new_event_loop()
                    loop.run_until_complete(go())
                    loop.close()
            """
        },
    ),
    Case(
        "Static and class methods follow the marker wherever it stands",
        {
            "test_it.py": """
                import pytest

                class TestIt:
                    @pytest.mark.asyncio
                    @staticmethod
                    async def test_above_static():
                        ran()

                    @staticmethod
                    @pytest.mark.asyncio
                    async def test_below_static():
                        ran()

                    @pytest.mark.asyncio
                    @classmethod
                    async def test_above_class(cls):
                        ran()

                    @classmethod
                    @pytest.mark.asyncio
                    async def test_below_class(cls):
                        ran()

                    @staticmethod
                    async def test_unmarked_static():
                        ran()

                    @classmethod
                    async def test_unmarked_class(cls):
                        ran()
            """
        },
    ),
    Case(
        "Static and class methods run in auto mode",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                class TestIt:
                    @staticmethod
                    async def test_static():
                        ran()

                    @classmethod
                    async def test_class(cls):
                        ran()
            """,
        },
    ),
    Case(
        "A file that also runs itself as a script is judged by pytest all the same",
        {
            "test_script.py": """
                import asyncio

                async def test_it():
                    ran()

                if __name__ == "__main__":
                    asyncio.run(test_it())
            """
        },
    ),
    Case(
        "A missing plugin leaves marked tests unhandled",
        {
            "requirements.txt": "requests\npytest\n",
            "test_it.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_it():
                    ran()
            """,
        },
        plugins=frozenset(),
        unknown_ok="what is installed beside the declared requirements is not in the source",
    ),
    Case(
        "A mode in the configuration is idle without the plugin",
        {
            "requirements.txt": "requests\npytest\n",
            "pytest.ini": AUTO,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
        plugins=frozenset(),
        unknown_ok="who writes the mode is taken to have the plugin",
    ),
    Case(
        "A project that declares pytest alone has nobody to run its async tests",
        {
            "requirements-dev.txt": "pytest==9.2.0\n",
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
        plugins=frozenset(),
    ),
    Case(
        "One-line bodies, comments and odd layouts are tests as well",
        {
            "test_it.py": '''
                import pytest
                async def test_one_line(): ran()

                async \\
                  def test_continued(): ran()

                @pytest.mark.asyncio  # because it awaits
                # and another word
                async def test_commented(  # why not
                    tmp_path,
                    *,
                    monkeypatch,
                ) -> None:
                    """A docstring."""
                    ran()

                if True:
                    async def test_conditional(): ran()
            '''
        },
    ),
)
