"""Every form of a marker that counts, and every one that only looks like it (strict mode)."""

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
    Case(
        "A module's marker counts as a single mark",
        {
            "test_it.py": """
                import pytest

                pytestmark = pytest.mark.asyncio

                async def test_it(): ran()

                class TestIt:
                    async def test_it(self): ran()
            """
        },
    ),
    Case(
        "A module's marker counts in a list with others",
        {
            "test_it.py": """
                import pytest

                pytestmark = [
                    pytest.mark.usefixtures("tmp_path"),
                    pytest.mark.asyncio(loop_scope="module"),
                ]

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A module's marker counts when it is annotated",
        {
            "test_it.py": """
                import pytest

                pytestmark: pytest.MarkDecorator = pytest.mark.asyncio

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A module's marker counts when it is added to a list",
        {
            "test_it.py": """
                import pytest

                pytestmark = [pytest.mark.slow]
                pytestmark += [pytest.mark.asyncio]

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A module's marker counts when it is appended",
        {
            "test_it.py": """
                import pytest

                pytestmark = []
                pytestmark.append(pytest.mark.asyncio)

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A module's marker counts at the end of the file",
        {
            "test_it.py": """
                import pytest

                async def test_it(): ran()

                pytestmark = pytest.mark.asyncio
            """
        },
    ),
    Case(
        "A module's marker counts under a condition that holds",
        {
            "test_it.py": """
                import sys
                import pytest

                if sys.version_info >= (3, 8):
                    pytestmark = pytest.mark.asyncio

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A module's marker may be bound to a name first",
        {
            "test_it.py": """
                import pytest

                needs_loop = pytest.mark.asyncio
                all_marks = [needs_loop, pytest.mark.slow]
                pytestmark = all_marks

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "Module markers may be a concatenation of lists",
        {
            "test_it.py": """
                import pytest

                common = [pytest.mark.slow]
                pytestmark = common + [pytest.mark.asyncio]

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "Module markers may be unpacked into a list",
        {
            "test_it.py": """
                import pytest

                common = [pytest.mark.asyncio]
                pytestmark = [*common, pytest.mark.slow]

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A marker imported from another module counts",
        {
            "common.py": """
                import pytest

                pytestmark = pytest.mark.asyncio
                in_loop = pytest.mark.asyncio
                all_marks = [pytest.mark.slow, in_loop]
            """,
            "test_name.py": """
                from common import pytestmark

                async def test_it(): ran()
            """,
            "test_star.py": """
                from common import *

                async def test_it(): ran()
            """,
            "test_decorator.py": """
                import common
                from common import in_loop as looped

                @common.in_loop
                async def test_dotted(): ran()

                @looped
                async def test_named(): ran()

                async def test_neither(): ran()
            """,
            "test_assigned.py": """
                import common

                pytestmark = common.all_marks

                async def test_it(): ran()
            """,
            "test_not_bound.py": """
                import common

                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "An annotation without a value marks nothing",
        {
            "test_it.py": """
                import pytest

                pytestmark: pytest.mark.asyncio

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "The last assignment of the module's marker wins",
        {
            "test_it.py": """
                import pytest

                pytestmark = pytest.mark.asyncio

                async def test_it(): ran()

                pytestmark = pytest.mark.slow
            """
        },
    ),
    Case(
        "A module's marker that is deleted again marks nothing",
        {
            "test_it.py": """
                import pytest

                pytestmark = pytest.mark.asyncio
                del pytestmark

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A module's marker inside a function marks nothing",
        {
            "test_it.py": """
                import pytest

                def setup_module():
                    pytestmark = pytest.mark.asyncio

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A tuple of module markers is a collection error",
        {
            "test_it.py": """
                import pytest

                pytestmark = (pytest.mark.asyncio,)

                async def test_it(): ran()
            """
        },
        unjudged="the file is not collected at all",
    ),
    Case(
        "A string among the module's markers is a collection error",
        {
            "test_it.py": """
                pytestmark = ["asyncio"]

                async def test_it(): ran()
            """
        },
        unjudged="the file is not collected at all",
    ),
    Case(
        "Markers in conftest and in the package mark nothing",
        {
            "tests/__init__.py": """
                import pytest

                pytestmark = pytest.mark.asyncio
            """,
            "tests/conftest.py": """
                import pytest

                pytestmark = pytest.mark.asyncio
            """,
            "tests/test_it.py": """
                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A marker on one parameter handles that parameter only",
        {
            "test_it.py": """
                import pytest

                @pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.asyncio)])
                async def test_some(n): ran()

                @pytest.mark.parametrize("n", [pytest.param(2, marks=[pytest.mark.asyncio])])
                async def test_all(n): ran()

                @pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.slow), 2])
                async def test_none(n): ran()
            """
        },
    ),
    Case(
        "Misspelt markers mark nothing",
        {
            "test_it.py": """
                import pytest

                @pytest.mark.asyncIO
                async def test_case(): ran()

                @pytest.mark.async_io
                async def test_underscore(): ran()

                @pytest.mark.asyncio_cooperative
                async def test_other(): ran()

                @pytest.mark.gen_test
                async def test_tornado(): ran()
            """
        },
        unknown=("test_other", "test_tornado"),
        unknown_ok="plugins that are not installed here run what bears these marks",
    ),
    Case(
        "Names that only look like the marker are not it",
        {
            "test_it.py": """
                import asyncio as aio
                import pytest as real_pytest

                class mark:
                    @staticmethod
                    def asyncio(function):
                        return function

                class pytest:
                    mark = mark

                @mark.asyncio
                async def test_local_mark(): ran()

                @pytest.mark.asyncio
                async def test_local_pytest(): ran()

                @real_pytest.mark.asyncio
                async def test_real(): ran()
            """
        },
        unknown=("test_local_mark", "test_local_pytest"),
        unknown_ok="a method of a class decorates",
    ),
    Case(
        "A parameter that hides pytest inside a function changes nothing outside",
        {
            "test_it.py": """
                import pytest

                def helper(pytest):
                    return pytest.mark

                @pytest.mark.asyncio
                async def test_marked(): ran()

                @pytest.mark.slow
                async def test_unmarked(): ran()
            """
        },
    ),
    Case(
        "A marker chosen by a condition on the machine is not decided",
        {
            "test_it.py": """
                import os
                import pytest

                looped = pytest.mark.asyncio if os.name else pytest.mark.slow

                @looped
                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A marker looked up by name counts",
        {
            "test_it.py": """
                import pytest

                @getattr(pytest.mark, "asyncio")
                async def test_it(): ran()
            """
        },
    ),
    Case(
        "Several marks applied by one helper count",
        {
            "test_it.py": """
                import pytest

                def compose(*decorators):
                    def apply(function):
                        for decorator in reversed(decorators):
                            function = decorator(function)
                        return function
                    return apply

                looped = compose(pytest.mark.slow, pytest.mark.asyncio)

                @looped
                async def test_it(): ran()
            """
        },
    ),
    Case(
        "Markers set as an attribute of the function count",
        {
            "test_it.py": """
                import pytest

                async def test_it(): ran()

                test_it.pytestmark = [pytest.mark.asyncio.mark]
            """
        },
    ),
    Case(
        "A class marked after its definition is marked",
        {
            "test_it.py": """
                import pytest

                class TestIt:
                    async def test_it(self): ran()

                TestIt = pytest.mark.asyncio(TestIt)

                class TestOther:
                    async def test_it(self): ran()

                TestOther.pytestmark = pytest.mark.asyncio
            """
        },
    ),
    Case(
        "A marked class with sync tests warns and its async tests run",
        {
            "test_it.py": """
                import pytest

                @pytest.mark.asyncio
                class TestIt:
                    def test_sync(self): ran()

                    async def test_async(self): ran()
            """
        },
    ),
    Case(
        "A module's marker in a try block counts",
        {
            "test_it.py": """
                import pytest

                try:
                    import pytest_asyncio
                except ImportError:
                    pytestmark = pytest.mark.skip
                else:
                    pytestmark = pytest.mark.asyncio

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A class's marker assembled from its parent's counts",
        {
            "test_it.py": """
                import pytest

                class TestBase:
                    pytestmark = [pytest.mark.asyncio]

                    async def test_base(self): ran()

                class TestChild(TestBase):
                    pytestmark = [*TestBase.pytestmark, pytest.mark.slow]

                    async def test_child(self): ran()
            """
        },
    ),
    Case(
        "A walrus and a chained assignment bind the module's marker",
        {
            "test_walrus.py": """
                import pytest

                if (pytestmark := pytest.mark.asyncio) is not None:
                    pass

                async def test_it(): ran()
            """,
            "test_chained.py": """
                import pytest

                pytestmark = looped = pytest.mark.asyncio

                async def test_it(): ran()
            """,
            "test_unpacked.py": """
                import pytest

                looped, pytestmark = 1, pytest.mark.asyncio

                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A helper that keeps marks in a table marks",
        {
            "test_it.py": """
                import pytest

                MARKS = {"loop": pytest.mark.asyncio}

                class Marks:
                    loop = pytest.mark.asyncio
                    slow = pytest.mark.slow

                @MARKS["loop"]
                async def test_table(): ran()

                @Marks.loop
                async def test_attribute(): ran()

                @Marks.slow
                async def test_other_attribute(): ran()
            """
        },
    ),
)
