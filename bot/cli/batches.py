"""A large tree checked in parts, on every processor, by processes that keep what they read.

A file's verdict depends on what it reads, not on which files are checked beside it, so that the
parts may be cut anywhere. Fixes are another matter: those of one file can change the verdict on
another, so they are planned in one process, together with all that reads what changes.
"""

import asyncio
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import TypeVar

from msgspec.structs import replace

from bot.analysis.fix import Safety
from bot.analysis.pytest_runs.ini_files import is_checkable
from bot.analysis.request import Fixing, Report, Request
from bot.isolation.analyser import Analyser, Fetch

# Enough to be worth asking for, and so few that no processor is left with nothing to do.
_SMALLEST, _LARGEST = 25, 250
_PARTS_PER_PROCESSOR = 4
Part = TypeVar("Part")


async def check_in_batches(analyser: Analyser, request: Request, fetch: Fetch) -> Report:
    """Check what the request names.

    Raises:
        AnalysisFailed: there is no verdict on a part of it.
        UserError: the user can repair what stood in the way.
    """
    parts = list(batches(request, os.cpu_count() or 1))
    workers = [
        asyncio.ensure_future(analyser.check_parts(share, fetch))
        for share in shared_out(parts, os.cpu_count() or 1)
    ]
    try:
        return merged(chain.from_iterable(await asyncio.gather(*workers)))
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


def batches(request: Request, processors: int) -> Iterator[Request]:
    """Yield requests that together ask for the same; at least one, for what it says of the whole.

    Files that lie together stay together, because they share what they read.
    """
    named = frozenset(request.named)
    paths = request.paths if request.candidates is None else request.candidates
    files = sorted(named.union(path for path in paths if is_checkable(path)))
    size = -(-len(files) // (processors * _PARTS_PER_PROCESSOR))
    size = min(max(size, _SMALLEST), _LARGEST)
    for start in range(0, len(files) or 1, size):
        part = files[start : start + size]
        yield replace(
            request,
            candidates=tuple(path for path in part if path not in named),
            named=tuple(path for path in part if path in named),
        )


def shared_out(parts: Sequence[Part], processors: int) -> list[Iterator[Part]]:
    """Return what each of several workers takes, part by part: neighbours, as long as there are.

    Who is done with its own takes the last of who has the most left, far from where that one is,
    so that as few files as can be are parsed by two.
    """
    count = min(len(parts), processors)
    bounds = [len(parts) * number // count for number in range(count + 1)]
    shares = [deque(parts[start:end]) for start, end in pairwise(bounds)]
    return [_taken(own, shares) for own in shares]


def _taken(own: deque[Part], shares: Sequence[deque[Part]]) -> Iterator[Part]:
    while own:
        yield own.popleft()
    while others := max(shares, key=len):
        yield others.pop()


def merged(reports: Iterable[Report]) -> Report:
    """Return the reports on parts of a tree as one."""
    parts = tuple(reports)
    # What is wrong with the configuration is said of every part.
    findings = dict.fromkeys(chain.from_iterable(part.findings for part in parts))
    return Report(
        checked=tuple(sorted(chain.from_iterable(part.checked for part in parts))),
        findings=tuple(sorted(findings, key=lambda one: (one.location, one.code, one.symbol))),
        errors=tuple(sorted(set(chain.from_iterable(part.errors for part in parts)))),
        read={path: read for part in parts for path, read in part.read.items()},
        read_by_all=tuple(sorted({path for part in parts for path in part.read_by_all})),
        notes=tuple(dict.fromkeys(chain.from_iterable(part.notes for part in parts))),
        suppressions=tuple(chain.from_iterable(part.suppressions for part in parts)),
        gate=parts[0].gate,
    )


def fix_request(request: Request, report: Report) -> Request:
    """Return the part of the request that its fixes concern.

    That is the files with fixes that `request.fixing` allows, and the files that read one.
    """
    safeties = {Safety.SAFE, Safety.UNSAFE} if request.fixing is Fixing.UNSAFE else {Safety.SAFE}
    edited = {
        edit.path
        for finding in report.findings
        if finding.fix is not None and finding.fix.safety in safeties
        for edit in finding.fix.edits
    }
    concerned = {path for path, read in report.read.items() if not edited.isdisjoint(read)}
    return replace(
        request,
        candidates=tuple(sorted(edited | concerned)),
        named=tuple(path for path in request.named if path in edited | concerned),
    )


def updated(report: Report, part: Report) -> Report:
    """Return the report with what `part` says of its files in place of what it said of them."""
    known = {*part.checked, *(error.path for error in part.errors)}
    rest = Report(
        checked=tuple(path for path in report.checked if path not in known),
        findings=tuple(one for one in report.findings if one.path not in known),
        errors=tuple(one for one in report.errors if one.path not in known),
        read={path: read for path, read in report.read.items() if path not in known},
        notes=report.notes,
        read_by_all=report.read_by_all,
        suppressions=tuple(one for one in report.suppressions if one.path not in known),
        gate=report.gate,
    )
    return merged([rest, part])
