"""Of which class a value is an instance: along every road by which tests get one."""

import ast

import pytest

from bot.analysis.names.values import Class, External
from bot.analysis.source.walking import own_nodes
from tests.analysis.facts_of import facts_of

SERVICE = """
    class Service:
        @classmethod
        def create(cls):
            return cls()

        @classmethod
        def declared(cls) -> "Service":
            return make()

        async def __aenter__(self):
            return self

    class Cheap(Service):
        pass

    class Shop:
        service: Service

        @property
        def till(self) -> Service:
            return self._till
"""
START = """
    from contextlib import asynccontextmanager, contextmanager
    from unittest.mock import AsyncMock, MagicMock, Mock

    import pytest
    from shop import Cheap, Service, Shop
"""


def type_of(text: str, **files: str) -> str | None:
    """Return the name of the class of what `test_it` hands to `look`."""
    tree = {"shop.py": SERVICE, "test_it.py": START + text, **files}
    facts = facts_of({path.replace("__", "/"): one for path, one in tree.items()})
    module = facts.project.module("test_it.py")
    assert module is not None
    definition = next(one for one in module.functions() if one.name == "test_it")
    assert isinstance(definition.node, ast.FunctionDef | ast.AsyncFunctionDef)
    for node in own_nodes(definition.node):
        match node:
            case ast.Call(func=ast.Name(id="look"), args=[argument]):
                found = facts.instances.type_of(argument, module, module.scope_of(definition.node))
                return _name(found)
            case _:
                continue
    raise AssertionError("nothing is looked at")


def _name(found: Class | External | None) -> str | None:
    match found:
        case None:
            return None
        case Class():
            return found.definition.name
        case External():
            return found.dotted


def test_a_constructor_makes_an_instance() -> None:
    assert (
        type_of("""
    def test_it():
        service = Service()
        look(service)
    """)
        == "Service"
    )


@pytest.mark.parametrize(
    "made",
    [
        "Service.create()",
        "Service.declared()",
        "Shop().service",
        "Shop().till",
        "Mock(spec=Service)",
    ],
)
def test_factories_properties_and_specs_make_instances(made: str) -> None:
    assert (
        type_of(f"""
    def test_it():
        look({made})
    """)
        == "Service"
    )


def test_a_class_method_makes_what_it_is_called_on() -> None:
    assert (
        type_of("""
    def test_it():
        look(Cheap.create())
    """)
        == "Cheap"
    )


def test_a_class_body_takes_from_around_it_what_it_binds_only_then() -> None:
    assert (
        type_of("""
    def service():
        return Service()

    class TestIt:
        service = service()

        def test_it(self):
            look(self.service)
    """)
        == "Service"
    )


@pytest.mark.parametrize(
    "bound", ["service = service()", "service = other()\n    other = service()"]
)
def test_what_is_made_of_itself_is_of_no_known_class(bound: str) -> None:
    assert (
        type_of(f"""
    {bound}

    def test_it():
        look(service())
    """)
        is None
    )


@pytest.mark.parametrize("annotation", ["Service", "'Service'", "Service | None"])
def test_annotations_of_parameters_count(annotation: str) -> None:
    assert (
        type_of(f"""
    def test_it(service: {annotation}):
        look(service)
    """)
        == "Service"
    )


def test_a_patched_function_gets_mocks_whatever_it_declares() -> None:
    assert (
        type_of("""
    from unittest import mock

    @mock.patch("shop.Service")
    def test_it(service: Service):
        look(service)
    """)
        is None
    )


@pytest.mark.parametrize(
    "fixture",
    [
        "def service() -> Service:\n    return make()",
        "def service():\n    return Service()",
        "def service():\n    one = Service()\n    yield one\n    one.close()",
        "async def service() -> 'AsyncIterator[Service]':\n    yield make()",
        "async def service():\n    async with Service() as one:\n        yield one",
    ],
)
def test_fixtures_give_instances(fixture: str) -> None:
    conftest = f"import pytest\nfrom shop import Service\n\n@pytest.fixture\n{fixture}\n"
    text = """
    def test_it(service):
        look(service)
    """

    assert type_of(text, **{"conftest.py": conftest}) == "Service"


def test_what_a_fixture_returns_weighs_more_than_what_it_declares() -> None:
    assert (
        type_of("""
    @pytest.fixture
    def service() -> Service:
        return MagicMock()

    def test_it(service: Service):
        look(service)
    """)
        == "unittest.mock.MagicMock"
    )


def test_parametrize_takes_a_fixtures_place() -> None:
    assert (
        type_of("""
    @pytest.fixture
    def service():
        return Service()

    @pytest.mark.parametrize("service", [1, 2])
    def test_it(service):
        look(service)
    """)
        is None
    )


@pytest.mark.parametrize("hook", ["setUp", "asyncSetUp", "setup_method", "__init__"])
def test_set_up_gives_attributes(hook: str) -> None:
    start = "async def" if hook == "asyncSetUp" else "def"

    assert (
        type_of(f"""
    class TestIt:
        {start} {hook}(self):
            self.service = Service()

        def test_it(self):
            look(self.service)
    """)
        == "Service"
    )


def test_a_base_class_elsewhere_gives_attributes_too() -> None:
    base = """
    from shop import Service

    class Base:
        def setUp(self):
            self.s = Service()
    """

    assert (
        type_of(
            """
    from base import Base

    class TestIt(Base):
        def test_it(self):
            look(self.s)
    """,
            **{"base.py": base},
        )
        == "Service"
    )


def test_what_a_constructor_is_handed_is_not_known() -> None:
    assert (
        type_of("""
    class Worker:
        def __init__(self, service: Service):
            self.service = service

    def test_it():
        look(Worker(Mock()).service)
    """)
        is None
    )


def test_an_attribute_that_is_set_to_two_classes_is_not_known() -> None:
    assert (
        type_of("""
    class TestIt:
        def setUp(self):
            self.service = Service()

        def test_other(self):
            self.service = Mock()

        def test_it(self):
            look(self.service)
    """)
        is None
    )


@pytest.mark.parametrize("imported", ["from stock import service", "from stock import *"])
def test_constants_of_other_modules_are_instances(imported: str) -> None:
    stock = "from shop import Service\n\nservice = Service()\n"

    assert (
        type_of(
            f"""
    {imported}

    def test_it():
        look(service)
    """,
            **{"stock.py": stock},
        )
        == "Service"
    )


def test_a_global_that_functions_set_is_not_known() -> None:
    assert (
        type_of("""
    service = Service()

    def replace():
        global service
        service = Mock()

    def test_it():
        look(service)
    """)
        is None
    )


def test_context_managers_give_what_they_enter_with() -> None:
    assert (
        type_of("""
    @asynccontextmanager
    async def opened():
        yield Service()

    async def test_it():
        async with opened() as service:
            look(service)
    """)
        == "Service"
    )


def test_names_bound_twice_need_agreement() -> None:
    assert (
        type_of("""
    def test_it(flag):
        if flag:
            service = Service()
        else:
            service = Mock()
        look(service)
    """)
        is None
    )


def test_classes_outside_the_repository_are_named() -> None:
    assert (
        type_of("""
    import asyncio

    def test_it():
        queue = asyncio.Queue()
        look(queue)
    """)
        == "asyncio.Queue"
    )


def test_children_of_an_async_mock_are_async_mocks() -> None:
    assert (
        type_of("""
    def test_it():
        look(AsyncMock().client.session)
    """)
        == "unittest.mock.AsyncMock"
    )


def test_a_declared_parameter_counts_where_the_fixture_does_not_tell() -> None:
    text = """
    @pytest.fixture
    def service(request):
        return {}(request)

    def test_it(service: Service):
        look(service)
    """

    assert type_of(text.format("made")) == "Service"
    assert type_of(text.format("make_fake")) is None


@pytest.mark.parametrize(
    "given",
    [
        "first, second = Shop(), Service()",
        "pair = Shop(), Service()\n        first, second = pair",
        "first, second = both()",
        "first, second = declared()",
        "first, second = await later()",
        "first, second = await asyncio.gather(shop(), service())",
        "async with entered() as (first, second): pass",
        "second = both()[1]",
    ],
)
def test_each_of_several_values_is_of_its_own_class(given: str) -> None:
    assert (
        type_of(f"""
    import asyncio

    def both():
        return Shop(), Service()

    def declared() -> tuple[Shop, Service]:
        return made()

    async def later():
        return both_of(), Service()

    async def shop():
        return Shop()

    async def service():
        return Service()

    @asynccontextmanager
    async def entered():
        yield Shop(), Service()

    async def test_it():
        {given}
        look(second)
    """)
        == "Service"
    )


def test_what_is_left_over_of_an_unpacking_is_not_known() -> None:
    assert (
        type_of("""
    def test_it():
        first, *second = Shop(), Service()
        look(second)
    """)
        is None
    )


def test_set_up_may_unpack() -> None:
    assert (
        type_of("""
    class TestIt:
        def setUp(self):
            self.shop, self.service = Shop(), Service()

        def test_it(self):
            look(self.service)
    """)
        == "Service"
    )


def test_the_type_of_self_is_that_of_what_a_method_is_called_on() -> None:
    assert (
        type_of("""
    from typing import TypeVar

    T = TypeVar("T")

    class Base:
        def bound(self: T) -> T:
            return made()

    class Child(Base):
        pass

    def test_it():
        look(Child().bound())
    """)
        == "Child"
    )


@pytest.mark.parametrize(
    ("body", "is_made"),
    [
        ("def close(cls): ...", True),
        ("def __call__(cls): return made()", False),
    ],
)
def test_a_metaclass_may_make_something_else(body: str, is_made: bool) -> None:  # noqa: FBT001
    found = type_of(f"""
    class Meta(type):
        {body}

    class Made(metaclass=Meta):
        pass

    def test_it():
        look(Made())
    """)

    assert found == ("Made" if is_made else None)


@pytest.mark.parametrize("base", ["Model", "Named, Model"])
def test_attributes_of_known_classes_outside_are_inherited(base: str) -> None:
    assert (
        type_of(f"""
    from django.db.models import Model
    from typing import Protocol

    class Named(Protocol):
        pass

    class User({base}):
        pass

    def test_it():
        look(User.objects.filter(name="x"))
    """)
        == "django.db.models.QuerySet"
    )


def test_libraries_say_what_is_entered_and_awaited() -> None:
    text = """
    import aiohttp

    async def test_it():
        async with aiohttp.client.ClientSession() as session:
            {}
    """

    assert type_of(text.format("look(await session.get('/'))")) == "aiohttp.ClientResponse"
    entered = "async with session.get('/') as answer: look(answer)"
    assert type_of(text.format(entered)) == "aiohttp.ClientResponse"


@pytest.mark.parametrize("chosen", ["service or Service()", "service if service else Service()"])
def test_a_default_that_agrees_with_the_annotation_tells(chosen: str) -> None:
    text = """
    class Worker:
        def __init__(self, service: {} | None = None):
            self.service = {}

    def test_it():
        look(Worker().service)
    """

    assert type_of(text.format("Service", chosen)) == "Service"
    assert type_of(text.format("Shop", chosen)) is None
