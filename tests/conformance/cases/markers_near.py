"""Markers on functions and classes that count (strict mode)."""

from tests.conformance.case import Case

CASES = (
    Case(
        "Every spelling of the marker on a function counts",
        {
            "test_it.py": """
                import pytest
                import pytest as pt
                from pytest import mark
                from pytest import mark as m

                bound = pytest.mark.asyncio
                called = pytest.mark.asyncio()
                scoped = mark.asyncio(loop_scope="function")
                marks = pytest.mark

                @pytest.mark.asyncio
                async def test_plain(): ran()

                @pytest.mark.asyncio()
                async def test_called(): ran()

                @pytest.mark.asyncio(loop_scope="module")
                async def test_scoped(): ran()

                @pt.mark.asyncio
                async def test_as(): ran()

                @mark.asyncio
                async def test_from(): ran()

                @m.asyncio
                async def test_from_as(): ran()

                @bound
                async def test_bound(): ran()

                @called
                async def test_bound_called(): ran()

                @bound(loop_scope="function")
                async def test_bound_then_called(): ran()

                @scoped
                async def test_bound_scoped(): ran()

                @marks.asyncio
                async def test_marks(): ran()
            """
        },
    ),
    Case(
        "A helper that marks is a marker",
        {
            "test_it.py": """
                import pytest

                def custom(function):
                    return pytest.mark.asyncio(function)

                def configured(**options):
                    return pytest.mark.asyncio(**options)

                def configured_outside(name):
                    def decorate(function):
                        function.label = name
                        return pytest.mark.asyncio(function)
                    return decorate

                @custom
                async def test_custom(): ran()

                @configured(loop_scope="function")
                async def test_configured(): ran()

                @configured_outside("slow")
                async def test_factory(): ran()

                async def test_neither(): ran()
            """
        },
    ),
    Case(
        "A marker applied by a call counts",
        {
            "test_it.py": """
                import pytest

                async def _body():
                    ran()

                test_it = pytest.mark.asyncio(_body)

                async def test_later():
                    ran()

                test_later = pytest.mark.asyncio(test_later)

                async def test_called():
                    ran()

                pytest.mark.asyncio(test_called)
            """
        },
    ),
    Case(
        "Markers count above and below other decorators",
        {
            "test_it.py": """
                from unittest.mock import patch
                import pytest

                @pytest.mark.asyncio
                @pytest.mark.parametrize("n", [1, 2])
                async def test_above(n): ran()

                @pytest.mark.parametrize("n", [1, 2])
                @pytest.mark.asyncio
                async def test_below(n): ran()

                @pytest.mark.asyncio
                @patch("os.getcwd")
                async def test_above_patch(getcwd): ran()

                @patch("os.getcwd")
                @pytest.mark.asyncio
                async def test_below_patch(getcwd): ran()

                @patch("os.getcwd")
                async def test_patch_alone(getcwd): ran()

                @pytest.mark.parametrize("n", [1, 2])
                async def test_parametrize_alone(n): ran()
            """
        },
    ),
    Case(
        "A class's marker counts for its methods, nested classes and children",
        {
            "test_it.py": """
                import pytest

                @pytest.mark.asyncio
                class TestMarked:
                    async def test_it(self): ran()

                    class TestNested:
                        async def test_it(self): ran()

                class TestChild(TestMarked):
                    async def test_own(self): ran()

                class TestByName:
                    pytestmark = pytest.mark.asyncio

                    async def test_it(self): ran()

                class TestByList:
                    pytestmark = [pytest.mark.slow, pytest.mark.asyncio]

                    async def test_it(self): ran()

                class TestChildByName(TestByName):
                    async def test_own(self): ran()

                class TestOverridden(TestByName):
                    pytestmark = pytest.mark.slow

                    async def test_own(self): ran()

                class TestUnmarked:
                    async def test_it(self): ran()
            """
        },
    ),
    Case(
        "Methods of a mixin follow the class that collects them",
        {
            "test_it.py": """
                import pytest

                class Mixin:
                    async def test_mixed(self): ran()

                @pytest.mark.asyncio
                class MarkedMixin:
                    async def test_marked_mixin(self): ran()

                @pytest.mark.asyncio
                class TestMarked(Mixin):
                    async def test_own(self): ran()

                class TestUnmarked(Mixin):
                    def test_own(self): ran()

                class TestThroughMixin(MarkedMixin):
                    async def test_own(self): ran()

                class TestBothMixins(Mixin, MarkedMixin):
                    pass
            """
        },
    ),
    Case(
        "A marker of one nested class does not reach its sister",
        {
            "test_it.py": """
                import pytest

                class TestOuter:
                    @pytest.mark.asyncio
                    class TestOne:
                        async def test_it(self): ran()

                    class TestOther:
                        async def test_it(self): ran()

                    async def test_outer(self): ran()
            """
        },
    ),
)
