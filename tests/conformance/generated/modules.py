"""Generated test modules: functions and classes under marks, decorators and base classes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent

from hypothesis import strategies as st

from tests.conformance.generated.choices import Choices
from tests.conformance.generated.definitions import (
    BASES,
    CASES,
    FURNISHED,
    KEEPING,
    LISTS,
    LOSING,
    MARKS,
    OPAQUE,
    OTHER_MARKS,
    REWRITING,
    RUNNING,
)
from tests.conformance.generated.fixtures import (
    BACKEND,
    FIXTURE_NAMES,
    HOOKS_OF_CASES,
    HOOKS_OF_CLASSES,
    HOOKS_OF_MODULES,
    backend,
    cleanup,
    fixture,
    hook,
)
from tests.conformance.generated.ways import Names

TEST_NAMES = ("test_a", "test_b", "test_c", "testd", "test", "check_e", "helper")
CLASS_NAMES = ("TestOne", "TestTwo", "Testthree", "FourTest", "Five")
# Under these a definition is there, under the last one only while types are checked.
CONDITIONS = ("asyncio", "sys.version_info >= (3, 8)", "TYPE_CHECKING")
# Below an asynchronous wrapper a loop runs already, and nobody can start another one.
ASYNCHRONOUS = frozenset({"kept", "repeated(2)", "awaited()", "either"})
# `<any>` is any mark, `<mark>` the one that counts, `<marks>` a list.
PYTESTMARKS = (
    "pytestmark = <any>",
    "pytestmark = <marks>",
    "pytestmark: list = <marks>",
    "pytestmark = <marks>\npytestmark = <any>",
    "pytestmark = [*<marks>]\npytestmark += <marks>",
    "pytestmark = []\npytestmark.append(<any>)",
    "if asyncio:\n    pytestmark = <any>",
    "pytestmark = [*<marks>, <any>]",
    "pytestmark = <marks> + <marks>",
    "pytestmark: <mark>",
    "pytestmark = mine = <any>",
)
PLAIN = {
    "parameters": '@pytest.mark.parametrize("n", [1, 2])',
    "marked": '@pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.asyncio)])',
    "slow": "@pytest.mark.slow",
    "not skipped": '@pytest.mark.skipif(False, reason="never")',
    "expected": "@pytest.mark.xfail",
    "patched": '@mock.patch("os.sep", "/")',
    "patched environment": '@mock.patch.dict("os.environ", {"A": "1"})',
    "cached": "@functools.lru_cache",
    "unit": '@unittest.skipIf(False, "never")',
    "skipped": "@pytest.mark.skip",
    "not run": "@pytest.mark.xfail(run=False)",
    "strict": "@pytest.mark.xfail(strict=True)",
}


@dataclass(frozen=True, slots=True)
class TestModule:
    """A test module with what it imports from beside it.

    Attributes:
        decidable: whether source tells of every test whether it runs.
        classes: the classes that it defines, for others to inherit from.
        tests: the test functions that it defines, for others to take over.
    """

    source: str
    beside: tuple[tuple[str, str], ...]
    decidable: bool
    classes: tuple[str, ...]
    tests: tuple[str, ...]


class Writer(Choices):
    """Writes one test module, a choice of hypothesis at a time."""

    def __init__(
        self,
        draw: st.DrawFn,
        place: str,
        plugins: frozenset[str] = frozenset({"asyncio"}),
        fixtures: Sequence[str] = (),
        others: Mapping[str, "TestModule"] | None = None,
    ) -> None:
        """Write a module that imports from `place`, and from other test modules by their names.

        `fixtures` are those of conftest files.
        """
        super().__init__(draw)
        self.plugins = plugins
        self.fixtures = [*fixtures, *([BACKEND] if "anyio" in plugins else ())]
        self.others = others or {}
        self.names = Names(draw, place)
        self.decidable = True
        self._conditional = True
        self._classes: list[str] = []
        self._tests: list[str] = []
        self._method = ""  # the last one of the class that is written
        self._given = False  # whether a class has its tests given `n`

    def module(self) -> TestModule:
        """Return the whole module."""
        mark_first = self.chance(2)
        marks = self.pytestmark()
        called = [self.fixture("")] if self.chance(3) else []
        called += [backend(self.draw)] if "anyio" in self.plugins and self.chance(6) else []
        called += [hook(self.draw, HOOKS_OF_MODULES)] if self.chance(8) else []
        body = [*called, *(self.container() for _ in range(self.number(1, 5)))]
        body += self.taken_over()
        parts = [marks, *body] if mark_first else [*body, marks]
        text = "\n\n".join([self.names.head(), *filter(None, parts)]) + "\n"
        written = (tuple(self._classes), tuple(self._tests))
        return TestModule(text, tuple(self.names.files()), self.decidable, *written)

    def taken_over(self) -> Iterator[str]:
        """Yield statements that give another name to a class or test, also one from elsewhere."""
        if self._tests and self.chance(8):
            yield f"test_z = {self.draw(st.sampled_from(self._tests))}"
        if self._classes and self.chance(8):
            yield f"TestZ = {self.draw(st.sampled_from(self._classes))}"
        tests = [(name, one) for name, module in self.others.items() for one in module.tests]
        if tests and self.chance(6):
            yield f"test_y = {self.taken(tests)}"

    def taken(self, defined: Sequence[tuple[str, str]]) -> str:
        """Return the expression for one of some things that other test modules define."""
        module, name = self.draw(st.sampled_from(defined))
        self.decidable &= self.others[module].decidable
        return self.names.take(module, name)

    # -- marks -----------------------------------------------------------------------------

    def mark(self) -> str:
        """Return an expression for a mark that counts."""
        others = sorted(self.plugins & {"anyio", "trio"})
        if others and self.chance(2):
            return f"pytest.mark.{self.one(*others)}"
        plain = (
            "pytest.mark.asyncio",
            "pytest.mark.asyncio()",
            "pt.mark.asyncio",
            "marks.asyncio",
        )
        return self.one(*plain) if self.chance(2) else self.names.use(self.one(*MARKS))

    def other_mark(self) -> str:
        if self.fixtures and self.chance(4):
            return f'pytest.mark.usefixtures("{self.one(*self.fixtures)}")'
        return self.names.use(self.one(*OTHER_MARKS)) if self.chance(2) else "pytest.mark.slow"

    def any_mark(self) -> str:
        return self.mark() if self.chance(2) else self.other_mark()

    def marks(self) -> str:
        """Return an expression for a list of marks."""
        if self.chance(3):
            return self.names.use(self.one(*LISTS))
        return f"[{', '.join(self.any_mark() for _ in range(self.number(0, 2)))}]"

    def pytestmark(self) -> str:
        """Return the statements that mark a module or class, if it is marked."""
        written = {"any": self.any_mark, "mark": self.mark, "marks": self.marks}
        chosen = self.one(*PYTESTMARKS) if self.chance(2) else ""
        return re.sub("<(.*?)>", lambda found: written[found[1]](), chosen)

    # -- tests -----------------------------------------------------------------------------

    def container(self) -> str:
        """Return a function or class, perhaps under a condition."""
        known = len(self._classes), len(self._tests)
        body = self.klass("", 0) if self.chance(2) else self.test("")
        if self.number(0, 4) < 4 or not self._conditional:
            return body
        self._conditional = False  # of two definitions, one of them conditional, either may count
        names = {*self._classes[: known[0]], *self._tests[: known[1]]}
        self.decidable &= names.isdisjoint((*self._classes[known[0] :], *self._tests[known[1] :]))
        if self.chance(2):
            return f"try:\n{indent(body, '    ')}\nexcept ImportError:\n    raise"
        condition = self.one(*CONDITIONS)
        if condition == "TYPE_CHECKING":
            del self._classes[known[0] :], self._tests[known[1] :]
        return f"if {condition}:\n{indent(body, '    ')}"

    def klass(self, within: str, depth: int) -> str:
        """Return a class with its tests."""
        name = self.one(*CLASS_NAMES)
        bases = [] if self._given else self.bases(within)
        gives = not bases and not self._given and self.chance(10)
        self._given |= gives
        inner = "\n".join(
            [
                self.pytestmark(),
                *([self.one("__test__ = False", "__test__ = True")] if self.chance(8) else ()),
                *(["def __init__(self):\n    pass"] if self.chance(16) else ()),
                *self.called(bases),
                *(self.test("self") for _ in range(self.number(0, 3))),
                *self.method_again(),
                *([self.klass(name, depth + 1)] if depth < 2 and self.chance(4) else ()),
            ]
        )
        lines = [f"@{self.any_mark()}" for _ in range(self.number(0, 2) // 2)]
        if gives:
            lines.append(PLAIN["parameters"])
            self._given = False
        if not within:
            self._classes.append(name)
        body = indent(inner.strip() or "pass", "    ")
        return "\n".join([*lines, f"class {name}({', '.join(bases)}):", body])

    def called(self, bases: Sequence[str]) -> Iterator[str]:
        """Yield a fixture or a hook of a class."""
        cases = any("Case" in one for one in bases)
        if not cases and self.chance(6):
            yield self.fixture("self")
        if "anyio" in self.plugins and self.chance(10):
            yield backend(self.draw, "self")
        if cases and self.chance(8):
            yield cleanup(self.draw)
            return
        if self.chance(6):
            yield hook(self.draw, HOOKS_OF_CASES if cases else HOOKS_OF_CLASSES, "self")

    def method_again(self) -> Iterator[str]:
        """Yield a statement that gives the last method of a class another name."""
        if self._method and self.chance(10):
            yield f"test_x = {self._method}"
        self._method = ""

    def fixture(self, argument: str) -> str:
        """Return a fixture, which tests may ask for from here on."""
        name = self.one(*FIXTURE_NAMES)
        others = [one for one in self.fixtures if one <= name]
        source = fixture(self.draw, name, others, argument)
        if not argument and name not in self.fixtures:
            self.fixtures.append(name)
        return source

    def bases(self, within: str) -> list[str]:
        """Return base classes whose order of resolution Python accepts."""
        if self._classes and not within and self.chance(4):
            return [self.draw(st.sampled_from(self._classes))]
        elsewhere = [(name, one) for name, module in self.others.items() for one in module.classes]
        if elsewhere and self.chance(6):
            return [self.taken(elsewhere)]
        match self.number(0, 7):
            case 7 if self.chance(3):
                self.decidable = False
                return [self.names.use(self.one(*REWRITING))]
            case 2 | 7:
                return [self.names.use(self.one(*BASES))]
            case 6:
                mixin = self.names.use(self.one(*FURNISHED))
                return [mixin, *([self.names.use(self.one(*CASES))] if self.chance(3) else ())]
            case 3:
                return [self.names.use(self.one(*CASES))]
            case 4:
                mixins = ("Marked", "Contract", "Assigned", "LostContract")
                return [self.names.use(self.one(*mixins)), self.names.use(self.one(*CASES))]
            case 5:
                first, second = self.one("Contract", "Listed"), self.one("Marked", "Assigned")
                return [self.names.use(first), self.names.use(second)]
            case _:
                return []

    def test(self, argument: str) -> str:
        """Return a test function or method with its decorators."""
        name = self.one(*TEST_NAMES)
        if argument:
            self._method = name
        else:
            self._tests.append(name)
        kind = "def" if self.chance(8) else "async def"
        decorators = list(self.decorators(synchronous=kind == "def"))
        generator = kind == "async def" and not decorators and self.chance(12)
        lines = [f"@{self.mark()}" for _ in range(self.number(0, 3) // 2)]
        stacked = [*decorators, *lines]
        if self.chance(2):
            stacked = [*lines, *decorators]
        if argument and self.chance(8):
            bound = self.one("staticmethod", "classmethod")
            argument = "" if bound == "staticmethod" else "cls"
            if self.chance(2):
                stacked = [f"@{bound}", *stacked]
            else:
                stacked = [*stacked, f"@{bound}"]
                # what a wrapper makes of a method that is bound already is not followed
                self.decidable &= all(one.startswith("@pytest.mark.") for one in decorators)
        body = "ran()\n    yield" if generator else "ran()"
        given = self._given or any('"n"' in line for line in stacked)
        asked = [argument, *(["n"] if given else ())]
        if self.fixtures and self.chance(3):
            wanted = self.draw(st.sampled_from(self.fixtures))
            match self.number(0, 8):
                case 6 | 7:
                    stacked.insert(0, f'@pytest.mark.usefixtures("{wanted}")')
                case 8 if kind == "def":
                    asked.append("request")
                    body = f'{body}\n    request.getfixturevalue("{wanted}")'
                case 5 if all("mark." in one for one in decorators):
                    indirect = self.one("", ", indirect=True")
                    stacked.append(f'@pytest.mark.parametrize("{wanted}", [1]{indirect})')
                    asked.append(wanted)
                case _:
                    asked.append(wanted)
        head = f"{kind} {name}({', '.join(filter(None, asked))}):"
        return "\n".join([*stacked, head, f"    {body}"])

    def decorators(self, *, synchronous: bool) -> Iterator[str]:
        """Yield decorators, the outermost first."""
        asynchronous = False
        looking = False
        for _ in range(self.number(0, 5) // 2):
            match self.number(0, 4):
                case 1:
                    options = set(KEEPING) - (ASYNCHRONOUS if synchronous else set())
                    name = self.one(*sorted(options))
                case 2:
                    name = self.one(*LOSING)
                    self.decidable &= not looking  # which branch it takes then is not followed
                case 3 if not asynchronous:
                    name = self.one(*RUNNING)
                case 4 if self.chance(4):
                    name = self.one(*OPAQUE)
                    self.decidable = False
                case _:
                    plain = self.one(*PLAIN)
                    self.decidable &= not (looking and plain == "cached")
                    yield PLAIN[plain]
                    continue
            asynchronous |= name in ASYNCHRONOUS
            looking |= name == "either"
            yield f"@{self.names.use(name)}"
