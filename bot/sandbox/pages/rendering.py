"""Pages to HTML: templates in which everything is escaped unless it was rendered on purpose."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import jinja2

from bot.sandbox.model import Account
from bot.sandbox.pages import clock, traffic
from bot.sandbox.pages.drawings import face, icon
from bot.sandbox.pages.version import version
from bot.sandbox.pages.visit import Page, Visit

HERE = Path(__file__).parent
SHEETS = ("colours", "frame", "lists", "conversation", "checks", "code")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the viewer can be, and their role on the repository that is shown."""

    account: Account
    role: str


def html(visit: Visit, page: Page) -> str:
    """Return a page as HTML."""
    repository = page.repository
    viewer = visit.viewer(repository)
    people = [
        Person(one, repository.role(one.login) if repository else "") for one in visit.people()
    ]
    return _ENVIRONMENT.get_template(page.template).render(
        page.values,
        page=page,
        repository=repository,
        here=visit.request.rel_url.raw_path_qs,
        people=people,
        viewer=next((one for one in people if one.account is viewer), None),
        version=version(visit, page.watch),
        sheets=SHEETS,
    )


def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(HERE / "templates")
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    names = cast("dict[str, Any]", environment.globals)
    names.update(icon=icon, face=face)
    filters = cast("dict[str, object]", environment.filters)
    filters.update(when=clock.when, headers=traffic.headers, counted=_counted)
    return environment


def _counted(count: int, noun: str) -> str:
    """Return a number with its noun: `{{ 2 | counted("commit") }}`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


_ENVIRONMENT = _environment()
