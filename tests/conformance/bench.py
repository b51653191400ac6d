"""Judges projects, each project once, however many tests and processes ask."""

import hashlib
import pickle
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.conformance.case import Case
from tests.conformance.judge import Start, judge
from tests.conformance.judgement import Judgement


class Bench:
    """Judges projects and keeps what came out in a folder that processes may share."""

    def __init__(self, start: Start, folder: Path) -> None:
        self._start = start
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def judge(self, case: Case, files: Mapping[str, bytes]) -> Judgement:
        """Say what pytest does with a project, whose files may be other than those of the case."""
        known = self._folder / _fingerprint(case, files)
        if known.exists():
            judgement: Judgement = pickle.loads(known.read_bytes())  # noqa: S301 - written below
            return judgement
        with tempfile.TemporaryDirectory(dir=self._folder) as room:
            judgement = judge(case, files, Path(room).resolve(), self._start)
            written = Path(room) / "judgement"
            written.write_bytes(pickle.dumps(judgement))
            written.replace(known)
        return judgement


def _fingerprint(case: Case, files: Mapping[str, bytes]) -> str:
    """Return a name for all that a judgement depends on."""
    started = (case.invocations, case.watched, sorted(case.plugins), case.loaded)
    asked = repr((started, sorted(case.installed.items()), sorted(files.items())))
    return hashlib.sha256(asked.encode()).hexdigest()
