"""Facts of trees that lie in memory."""

from collections.abc import Mapping
from textwrap import dedent

from bot.analysis.checking import prepared
from bot.analysis.facts import Facts
from bot.analysis.request import Request
from bot.analysis.source.project import Project
from tests.trees import answered


def facts_of(texts: Mapping[str, str]) -> Facts:
    """Return one round of facts in which every file is there."""
    files = {path: dedent(text) for path, text in texts.items()}
    analysis = answered(prepared(Request(paths=tuple(files)), ()), files)
    analysis.library.add({path: text.encode() for path, text in files.items()})
    return Facts(Project(analysis.library), analysis.setup)
