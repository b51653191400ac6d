"""Generated fixtures, and functions that pytest and unittest call by their names."""

from collections.abc import Sequence

from hypothesis import strategies as st

FIXTURE_NAMES = ("number", "client", "server")
# By the decorator, what stands below it.
MAKERS = {
    "@pytest.fixture": "async def",
    "@pytest.fixture()": "async def",
    "@pytest_asyncio.fixture": "async def",
    "@pytest_asyncio.fixture()": "async def",
    "@pytest.fixture(scope='function')": "def",
    "@pytest.fixture(scope='module')": "async def",
    "@pytest_asyncio.fixture(scope='session')": "async def",
    "@fixture": "async def",
}
# By its decorator, what anyio runs its tests with.
BACKENDS = {
    "@pytest.fixture": '"asyncio"',
    "@pytest.fixture(autouse=True)": '"asyncio"',
    "@pytest.fixture(params=['asyncio'])": "request.param",
}
BACKEND = "anyio_backend"
# Marks on fixtures, which are of no use.
MARKED = ("@pytest.mark.asyncio\n", '@pytest.mark.usefixtures("server")\n')
ENDS = ("return 1", "yield 1")
HOOKS_OF_MODULES = ("setup_module", "teardown_module", "setup_function", "teardown_function")
HOOKS_OF_CLASSES = ("setup_method", "teardown_method", "setup_class", "teardown_class")
HOOKS_OF_CASES = ("setUp", "tearDown", "asyncSetUp", "asyncTearDown", "setUpClass")


def fixture(draw: st.DrawFn, name: str, others: Sequence[str], argument: str = "") -> str:
    """Return the source of a fixture that may ask for one of the others."""
    maker = draw(st.sampled_from(list(MAKERS)))
    kind = MAKERS[maker]
    if draw(st.integers(0, 5)) == 5:
        maker = f"{maker.partition('(')[0]}(autouse=True)"
    wanted = draw(st.sampled_from(["", *others]))
    given = ", ".join(filter(None, [argument, wanted]))
    last = draw(st.sampled_from(ENDS))
    marked = draw(st.sampled_from(["", *MARKED])) if draw(st.integers(0, 9)) == 9 else ""
    return f"{marked}{maker}\n{kind} {name}({given}):\n    ran()\n    {last}"


def backend(draw: st.DrawFn, argument: str = "") -> str:
    """Return the source of a fixture that says what anyio runs its tests with."""
    maker = draw(st.sampled_from(list(BACKENDS)))
    given = ", ".join(filter(None, [argument, "request"]))
    return f"{maker}\ndef {BACKEND}({given}):\n    return {BACKENDS[maker]}"


def cleanup(draw: st.DrawFn) -> str:
    """Return the source of methods of a test case, one of which is to be called at its end."""
    name = draw(st.sampled_from(["setUp", "asyncSetUp"]))
    kind = "async def" if name == "asyncSetUp" else "def"
    calling = f"{kind} {name}(self):\n    ran()\n    self.addAsyncCleanup(self.clean)"
    return f"{calling}\n\nasync def clean(self):\n    pass"


def hook(draw: st.DrawFn, names: Sequence[str], argument: str = "") -> str:
    """Return the source of an async function that is called by its name, or meant to be."""
    name = draw(st.sampled_from(names))
    if not argument:
        given = {"setup_function": "function", "teardown_function": "function"}.get(name, "")
        return f"async def {name}({given}):\n    ran()"
    if name.lower().endswith("class"):
        return f"@classmethod\nasync def {name}(cls):\n    ran()"
    return f"async def {name}(self):\n    ran()"
