"""Drive the analysis over files held in memory, as the command line does over a folder."""

from collections.abc import Mapping

from bot.analysis.request import Asking, Content, Fixing, FixPlan, Report, Request, Result
from bot.rules import analyse, plan_fixes


def report_on(files: Mapping[str, bytes], fixing: Fixing = Fixing.NONE) -> Report:
    """Check a tree, without fixes unless they are wanted."""
    return _answered(analyse(_request(files, fixing)), files)


def plan_for(files: Mapping[str, bytes], fixing: Fixing) -> FixPlan:
    """Plan the repair of a tree."""
    return _answered(plan_fixes(_request(files, fixing)), files)


def _request(files: Mapping[str, bytes], fixing: Fixing) -> Request:
    return Request(paths=tuple(sorted(files)), fixing=fixing)


def _answered(asking: Asking[Result], files: Mapping[str, bytes]) -> Result:
    try:
        wanted = next(asking)
        while True:
            contents: dict[str, Content] = {path: files.get(path) for path in wanted}
            wanted = asking.send(contents)
    except StopIteration as stop:
        answer: Result = stop.value
        return answer
