"""Proves fixes on the text that they would produce, before anybody sees them.

A fix is proven if the result parses, what it repairs is gone, nothing came that was not there,
and no byte outside of its edits changed. Fixing again then changes nothing: what is gone has no
fix. Many fixes of one shape in one file (a marker on each of two hundred tests) are proven
together, and by halves where that fails.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import replace

from bot.analysis.checking import Analysis, Verdicts, checked
from bot.analysis.configuration.suppression import UNUSED_SUPPRESSION
from bot.analysis.errors import FixError
from bot.analysis.finding import Finding
from bot.analysis.fix import Edit, Fix, apply_edits
from bot.analysis.request import Asking
from bot.analysis.source.project import Library
from bot.analysis.source.source import decode

# Up to so many fixes of one shape in a file are each proven alone.
_ALONE = 8

Shape = tuple[str, str, str, frozenset[str]]


def with_proofs(analysis: Analysis, verdicts: dict[str, Verdicts]) -> Asking[dict[str, Verdicts]]:
    """Return the verdicts with only those fixes that are proven."""
    result: dict[str, Verdicts] = {}
    for path, one in verdicts.items():
        fixes = yield from _proven_fixes(analysis, path, one.findings)
        kept = tuple(
            finding if finding.fix in fixes else replace(finding, fix=None)
            for finding in one.findings
        )
        read = one.read.union(analysis.shelf.read_by_proofs.pop(path, ()))
        result[path] = replace(one, findings=kept, read=read)
    return result


def _proven_fixes(
    analysis: Analysis, path: str, findings: tuple[Finding, ...]
) -> Asking[set[Fix]]:
    """Return the fixes of a file that are proven, shape by shape."""
    shapes: dict[Shape, dict[Fix, list[Finding]]] = {}
    for finding in findings:
        fix = finding.fix
        if fix is not None and all(edit.path == path for edit in fix.edits):
            shapes.setdefault(_shape(finding, fix), {}).setdefault(fix, []).append(finding)
    result: set[Fix] = set()
    for fixes in shapes.values():
        result |= yield from _proven_shape(analysis, path, findings, fixes)
    return result


def _proven_shape(
    analysis: Analysis,
    path: str,
    findings: tuple[Finding, ...],
    fixes: dict[Fix, list[Finding]],
) -> Asking[set[Fix]]:
    """Prove the fixes of one shape, each alone where they are few."""
    if len(fixes) > _ALONE:
        return (yield from _proven_halves(analysis, path, findings, fixes))
    result: set[Fix] = set()
    for fix, repaired in fixes.items():
        content = yield from proven(analysis, path, findings, repaired)
        if content is not None:
            result.add(fix)
    return result


def _proven_halves(
    analysis: Analysis,
    path: str,
    findings: tuple[Finding, ...],
    fixes: dict[Fix, list[Finding]],
) -> Asking[set[Fix]]:
    """Prove many fixes together; where that fails, each half of them, down to one."""
    everything = [finding for group in fixes.values() for finding in group]
    if (yield from proven(analysis, path, findings, everything)) is not None:
        return set(fixes)
    if len(fixes) == 1:
        return set()
    half = len(fixes) // 2
    items = list(fixes.items())
    first = yield from _proven_halves(analysis, path, findings, dict(items[:half]))
    second = yield from _proven_halves(analysis, path, findings, dict(items[half:]))
    return first | second


def proven(
    analysis: Analysis, path: str, findings: Iterable[Finding], repaired: Sequence[Finding]
) -> Asking[bytes | None]:
    """Return the file with the fixes of `repaired` made, if together they do what they say."""
    edits = [edit for one in repaired if one.fix is not None for edit in one.fix.edits]
    try:
        content = edited(analysis.library, path, edits)
    except FixError:
        return None
    library = analysis.library.replaced({path: content})
    after = (yield from checked(analysis, library, [path]))[path]
    analysis.shelf.read_by_proofs.setdefault(path, set()).update(after.read)
    if after.error is not None or not is_improved(findings, after.findings, repaired):
        return None
    return content


def is_improved(
    before: Iterable[Finding], after: Collection[Finding], repaired: Iterable[Finding]
) -> bool:
    """Whether what was to be repaired is gone and nothing came that was not there before."""
    left = Counter(identity(one) for one in after)
    allowed = Counter(identity(one) for one in before)
    gone = Counter(identity(one) for one in repaired)
    new = (left - (allowed - gone)).keys()
    # What is repaired may have been suppressed elsewhere: in vain from now on, and fixed next.
    expected = {identity(one) for one in after if one.code == UNUSED_SUPPRESSION}
    return new <= expected - gone.keys()


def identity(finding: Finding) -> tuple[str, str, str, str]:
    """Return what tells a finding from others whatever line it moved to.

    That a test never runs is one problem, whichever cause is left when another is gone.
    """
    if finding.reveals:
        return finding.path, "never runs", finding.symbol, ""
    return finding.path, finding.code, finding.symbol, finding.message


def edited(library: Library, path: str, edits: Iterable[Edit]) -> bytes:
    """Return the content of a file with edits made.

    Raises:
        FixError: the file is not at hand, or the edits do not fit it.
    """
    content = library.content(path)
    if not isinstance(content, bytes):
        raise FixError(f"{path} cannot be edited")
    return apply_edits(content, edits, encoding=decode(path, content).encoding)


def _shape(finding: Finding, fix: Fix) -> Shape:
    texts = frozenset(edit.replacement.strip() for edit in fix.edits)
    return finding.code, fix.safety, fix.title, texts
