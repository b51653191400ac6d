"""Which tests run for the first time once a plan of fixes is carried out."""

from bot.analysis.request import FixPlan


def newly_running(plan: FixPlan) -> list[tuple[str, str]]:
    """Return path and name of the tests that ran never before and run now."""
    before = {(each.path, test) for each in plan.fixed for test in each.reveals}
    after = {(each.path, test) for each in plan.after.findings for test in each.reveals}
    return sorted(before - after)
