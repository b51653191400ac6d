"""Checks files with the rules: asks for what is missing in batches until every fact is known.

The first batch is the configuration and the files to check; every further batch is what their
imports, conftest files and base classes turned out to need. A file whose facts were complete is
not looked at again.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.analysis.checked_file import CheckedFile
from bot.analysis.config import Config
from bot.analysis.configuration.config_reading import CONFIG_FILES, ReadConfig, read_config
from bot.analysis.configuration.nested_configuration import notes_on_nested
from bot.analysis.configuration.suppressing import Catalogue, Suppressing
from bot.analysis.configuration.suppression import MARK
from bot.analysis.evidence.vain_settings import SettingsFile, all_vain_settings
from bot.analysis.facts import Facts, Setup
from bot.analysis.finding import FileError, Finding
from bot.analysis.fingerprint import fingerprint
from bot.analysis.progress import working_on
from bot.analysis.pytest_runs.config_files import ConfigFiles, parent
from bot.analysis.pytest_runs.config_paths import configuration_paths
from bot.analysis.pytest_runs.hints import hint_paths, sets_mode_elsewhere
from bot.analysis.pytest_runs.ini_files import configures_by_text
from bot.analysis.pytest_runs.runs import resolve_all
from bot.analysis.pytest_runs.versions import read_versions
from bot.analysis.request import Asking, ConfigurationFile, Report, Request, Suppressed, Unreadable
from bot.analysis.rule import Rule
from bot.analysis.shelf import Shelf
from bot.analysis.source.module import Module
from bot.analysis.source.parsing import Broken, NotChecked, compile_error, compiles
from bot.analysis.source.project import Library
from bot.analysis.source.source import UndecodableSource, decode
from bot.analysis.source.walking import every_node

# Each round fetches what the round before found missing; imports are rarely ten deep.
_MAX_ROUNDS = 60
NOT_YET = (
    "the configuration of awaited is changed here: what is wrong with it is reported, "
    "but it holds only once it is merged"
)
_TOO_DEEP = "nested too deeply to be analysed; split the deepest expressions"


class Verdicts(Struct, frozen=True):
    """What was found in one file, and what that depended on."""

    findings: tuple[Finding, ...] = ()
    error: FileError | None = None
    read: frozenset[str] = frozenset()
    suppressions: tuple[Suppressed, ...] = ()


class Analysis(Struct, frozen=True):
    """An analysis under way: the files so far, how pytest is started, and what is checked.

    Attributes:
        rules: those that are on.
        known_rules: all that there are.
        shelf: what is kept from one analysis of this tree to the next.
        configuring: the files of the configuration.
    """

    request: Request
    library: Library
    setup: Setup
    rules: Sequence[Rule]
    known_rules: Sequence[Rule]
    targets: tuple[str, ...]
    configuration: ReadConfig
    shelf: Shelf
    configuring: frozenset[str]


def prepared(
    request: Request, rules: Sequence[Rule], shelf: Shelf | None = None
) -> Asking[Analysis]:
    """Fetch configuration and the likely files, and settle which files are checked."""
    shelf = shelf or Shelf()
    library = shelf.library(request)
    configuration = (
        configuration_paths(library.paths, near=request.candidates or ())
        | hint_paths(library.paths)
        | library.paths.intersection(CONFIG_FILES)
    )
    likely = library.paths & {path for path in _candidates(request) if _is_likely(path)}
    wanted = frozenset(path for path in configuration | likely if not library.holds(path))
    wanted |= {name for _, name in request.configuration_elsewhere}
    library.add((yield wanted) if wanted else {})
    read = _configuration(library, rules, request)
    setup = shelf.setup(
        configuration, request, lambda: _setup(library, configuration, request, read.config)
    )
    on = [rule for rule in rules if rule.code in read.config.enabled]
    analysis = Analysis(request, library, setup, on, rules, (), read, shelf, configuration)
    targets = _targets(request, setup) | _settings_targets(request, setup)
    targets |= yield from _fixture_files(analysis, targets, set(_candidates(request)))
    targets -= {path for path in targets if _is_excluded(path, setup)}
    return replace(analysis, targets=tuple(sorted(targets)))


def checked(
    analysis: Analysis, library: Library, targets: Iterable[str], *, fixing: bool = False
) -> Asking[dict[str, Verdicts]]:
    """Return the verdicts on files, fetching what they need round by round."""
    done: dict[str, Verdicts] = {}
    waiting = list(targets)
    for _ in range(_MAX_ROUNDS):
        facts = analysis.shelf.facts(library, analysis.setup)
        project = facts.project
        for path in waiting:
            verdicts = _check(path, facts, analysis.rules, fixing=False)
            if all(library.holds(one) for one in verdicts.read):
                if fixing and verdicts.findings:
                    verdicts = _check(path, facts, analysis.rules, fixing=True)
                done[path] = _settled(path, verdicts, analysis, facts, fixing=fixing)
        waiting = [path for path in waiting if path not in done]
        if not waiting:
            break
        library.add((yield frozenset(p for p in project.missing if not library.holds(p))))
    for path in waiting:
        done[path] = Verdicts(error=FileError(path, "its imports are nested too deeply"))
    return done


def report_of(analysis: Analysis, verdicts: dict[str, Verdicts]) -> Report:
    """Return the report that the verdicts make."""
    findings = [one for path in analysis.targets for one in verdicts[path].findings]
    findings += _of_configuration(analysis)
    errors = [one.error for one in verdicts.values() if one.error is not None]
    errors += _unreadable_configuration(analysis)
    return Report(
        checked=tuple(path for path in analysis.targets if verdicts[path].error is None),
        findings=tuple(sorted(findings, key=lambda one: (one.location, one.code, one.symbol))),
        errors=tuple(sorted(errors)),
        read={path: tuple(sorted(one.read)) for path, one in verdicts.items()},
        notes=tuple(_notes(analysis)),
        read_by_all=tuple(sorted(analysis.shelf.read_by_all | analysis.configuring)),
        suppressions=tuple(one for each in verdicts.values() for one in each.suppressions),
        gate=analysis.setup.config.gate,
        configured_by=analysis.configuration.sources,
    )


def _candidates(request: Request) -> Iterator[str]:
    yield from request.named
    paths = request.paths if request.candidates is None else request.candidates
    yield from (path for path in paths if path.endswith(".py"))


def _is_likely(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith("test") or name.endswith(("_test.py", "_tests.py", "conftest.py"))


def _configuration(library: Library, rules: Sequence[Rule], request: Request) -> ReadConfig:
    """Return the configuration that the request brings or names, or that of the tree."""
    own = _read(_own_configuration(library), rules, request)
    brought = _brought_configuration(library, request)
    if brought is None:
        return own
    read = _read(brought, rules, request)
    if not request.reviews_configuration:
        return read
    notes = (NOT_YET,) if own.config.digest != read.config.digest else ()
    return replace(read, problems=own.problems, notes=(*read.notes, *notes))


def _read(
    files: Sequence[ConfigurationFile], rules: Sequence[Rule], request: Request
) -> ReadConfig:
    return read_config(files, rules, request.selection, request.inherited)


def _own_configuration(library: Library) -> list[ConfigurationFile]:
    return _configuration_files(library, [(path, path) for path in CONFIG_FILES])


def _brought_configuration(
    library: Library, request: Request
) -> Sequence[ConfigurationFile] | None:
    if request.configuration_elsewhere:
        return _configuration_files(library, request.configuration_elsewhere)
    return request.configuration


def _configuration_files(
    library: Library, places: Iterable[tuple[str, str]]
) -> list[ConfigurationFile]:
    texts = ((path, _text(library, name)) for path, name in places)
    return [ConfigurationFile(path, text) for path, text in texts if text is not None]


def _setup(
    library: Library, configuration: frozenset[str], request: Request, config: Config
) -> Setup:
    texts = {path: _text(library, path) for path in configuration}
    files = ConfigFiles(texts, library.paths)
    versions = read_versions(files)
    runs = resolve_all(files, versions)
    hints = [text for path in hint_paths(library.paths) if (text := texts.get(path))]
    elsewhere = sets_mode_elsewhere(hints)
    named, is_strict = frozenset(request.named), request.strict_unknown
    return Setup(files, runs, named, elsewhere, config, is_strict)


def _text(library: Library, path: str) -> str | None:
    content = library.content(path)
    return content.decode(errors="replace") if isinstance(content, bytes) else None


def _targets(request: Request, setup: Setup) -> set[str]:
    targets = set(request.named)
    candidates = set(_candidates(request))
    for path in candidates:
        is_conftest = path.rpartition("/")[2] == "conftest.py"
        if is_conftest or setup.collects(path):
            targets.add(path)
    packages = {f"{parent(path)}/__init__.py".lstrip("/") for path in targets}
    return targets | (packages & candidates)


def _settings_targets(request: Request, setup: Setup) -> set[str]:
    """Return the files with settings that do not count."""
    paths = request.paths if request.candidates is None else request.candidates
    return {one.path for one in all_vain_settings(setup)}.intersection(paths)


def _is_excluded(path: str, setup: Setup) -> bool:
    """Whether the configuration leaves a file out; who names it wants it all the same."""
    return path not in setup.named and setup.config.excludes(path)


def _fixture_files(
    analysis: Analysis, targets: set[str], candidates: set[str]
) -> Asking[set[str]]:
    """Return the candidates that hold no tests, but fixtures of those that do."""
    library, setup = analysis.library, analysis.setup
    for _ in range(_MAX_ROUNDS):
        facts = analysis.shelf.facts(library, setup)
        project = facts.project
        found: set[str] = set()
        with project.reading() as read:
            for path in targets:
                if _names_plugins(path, library, setup) and (module := project.module(path)):
                    found |= facts.fixture_files(module)
            analysis.shelf.read_by_all = read()
        wanted = frozenset(path for path in project.missing if not library.holds(path))
        if not wanted:
            return (found & candidates) - targets
        library.add((yield wanted))
    return set()


def _names_plugins(path: str, library: Library, setup: Setup) -> bool:
    """Whether a file may bring in others that hold fixtures, judged without parsing it."""
    if path.endswith("conftest.py") or any(run.plugins for run in setup.runs_for(path)):
        return True
    content = library.content(path)
    return isinstance(content, bytes) and b"pytest_plugins" in content


def _notes(analysis: Analysis) -> Iterator[str]:
    yield from analysis.configuration.notes
    request, setup = analysis.request, analysis.setup
    if request.configuration is None or request.reviews_configuration:
        yield from notes_on_nested(analysis.library, analysis.configuring, setup.config)
    for run in setup.runs:
        if run.refused is not None:
            yield f"{run.invocation.origin}: pytest would refuse to start ({run.refused})"


def _settled(
    path: str, verdicts: Verdicts, analysis: Analysis, facts: Facts, *, fixing: bool
) -> Verdicts:
    """Return the verdicts as configuration and suppressions have them.

    What rules found depends on files alone; this depends on the day as well.
    """
    config, request = analysis.setup.config, analysis.request
    ignored = config.ignored_in(path)
    findings = [one for one in verdicts.findings if one.code not in ignored]
    suppressed: tuple[Suppressed, ...] = ()
    module = facts.project.library.parsed(path) if _may_suppress(path, verdicts, facts) else None
    if isinstance(module, Module):
        looked_for = {rule.code for rule in analysis.rules} - ignored
        catalogue = Catalogue.of(analysis.known_rules, looked_for)
        suppressing = Suppressing(module, catalogue, request.today, request.holding)
        findings, suppressed = suppressing.kept(findings), suppressing.found
        file = CheckedFile(module, facts, wants_fixes=fixing)
        remarks = _dispatch(analysis.rules, suppressing.remarks(), file)
        findings += [one for one in remarks if one.code not in ignored]
    told = (config.weighed(_marked(one, facts)) for one in findings)
    return replace(verdicts, findings=tuple(told), suppressions=suppressed)


def _marked(finding: Finding, facts: Facts) -> Finding:
    """Return a finding with what it is known by again."""
    module = facts.project.library.parsed(finding.path)
    known = module if isinstance(module, Module) else None
    return replace(finding, fingerprint=fingerprint(finding, known))


def _may_suppress(path: str, verdicts: Verdicts, facts: Facts) -> bool:
    """Whether a file may hold suppressions, judged by its bytes."""
    content = facts.project.library.content(path)
    named = isinstance(content, bytes) and MARK in content
    return named and verdicts.error is None and not configures_by_text(path)


def _unreadable_configuration(analysis: Analysis) -> Iterator[FileError]:
    request = analysis.request
    if request.configuration is not None or request.reviews_configuration:
        return
    places = request.configuration_elsewhere or [(path, path) for path in CONFIG_FILES]
    for path, name in places:
        content = analysis.library.content(name)
        if isinstance(content, Unreadable):
            yield FileError(path, content.reason)


def _of_configuration(analysis: Analysis) -> Iterator[Finding]:
    """Yield what is wrong with the configuration itself."""
    problems = analysis.configuration.problems
    for finding in _dispatch(analysis.rules, problems, None):
        yield analysis.setup.config.weighed(finding)


# -- one file --------------------------------------------------------------------------------


def _check(path: str, facts: Facts, rules: Sequence[Rule], *, fixing: bool) -> Verdicts:
    with facts.project.reading() as read, working_on(path):
        try:
            findings, error = _findings(path, facts, rules, fixing=fixing)
        except (RecursionError, MemoryError):
            findings, error = (), FileError(path, _TOO_DEEP)
        return Verdicts(tuple(dict.fromkeys(findings)), error, read())


def _findings(
    path: str, facts: Facts, rules: Sequence[Rule], *, fixing: bool
) -> tuple[Sequence[Finding], FileError | None]:
    if configures_by_text(path):
        return _of_settings(SettingsFile(path, facts), rules), None
    if _is_far_from_async(path, facts):
        return (), None
    parsed = facts.project.parsed(path)
    match parsed:
        case None if facts.project.library.holds(path):
            return (), FileError(path, "it is not there")
        case None:
            return (), None
        case NotChecked(reason=reason):
            return (), FileError(path, reason)
        case Broken():
            return list(_dispatch(rules, [parsed], parsed)), None
        case module if (broken := compile_error(module)) is not None:
            return list(_dispatch(rules, [broken], broken)), None
        case module:
            file = CheckedFile(module, facts, wants_fixes=fixing)
            return list(_dispatch(rules, _subjects(file, rules), file)), None


def _is_far_from_async(path: str, facts: Facts) -> bool:
    """Whether nothing can be said of a file but that Python takes it, judged without a tree.

    House rules may speak of any test, so where there are some every file is looked at.
    """
    library = facts.project.library
    if not library.answers_at_once or path in library.quarantined or facts.setup.config.policies:
        return False
    if facts.may_be_about_async(path):
        return False
    content = library.content(path)
    try:
        return isinstance(content, bytes) and compiles(decode(path, content))
    except UndecodableSource:
        return False


def _of_settings(file: SettingsFile, rules: Sequence[Rule]) -> list[Finding]:
    file.facts.project.text(file.path)  # so that the verdict is known to depend on it
    return list(_dispatch(rules, [file], file))


def _dispatch(
    rules: Sequence[Rule], subjects: Iterable[object], file: object
) -> Iterator[Finding]:
    checks: dict[type, list[Callable[..., Iterator[Finding]]]] = {}
    for rule in rules:
        for subject, check in rule.checks.items():
            checks.setdefault(subject, []).append(check)
    for one in subjects:
        for check in checks.get(type(one), ()):
            yield from check(one, file)


def _subjects(file: CheckedFile, rules: Sequence[Rule]) -> Iterator[object]:
    """Yield what rules may look at: the file, its tests, its fixtures, then every node."""
    yield file
    yield from file.tests
    yield from file.facts.xunit_hooks(file.module)
    yield from file.facts.fixtures.defined_in(file.module)
    wanted = {one for rule in rules for one in rule.checks if issubclass(one, ast.AST)}
    if wanted:
        yield from [node for node in every_node(file.module.tree) if node.__class__ in wanted]
