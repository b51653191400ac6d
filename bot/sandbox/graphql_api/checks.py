"""Check suites of a commit and their runs, which each app may filter for its own."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.graphql_api.sources import (
    Connection,
    Context,
    Field,
    GitObject,
    Plain,
    Run,
    Suite,
)
from bot.sandbox.model import App
from bot.sandbox.render import checks
from bot.sandbox.render.accounts import app, client_id
from bot.sandbox.render.repositories import page_url

Json = dict[str, Any]


def suites(
    source: GitObject,
    context: Context,
    *,
    filterBy: Json | None = None,  # noqa: N803 - GitHub's name
    **part: Any,
) -> Connection:
    """Answer a commit's `checkSuites`: those of this repository, whatever else has the commit."""
    repository, wanted = source.repository, filterBy or {}
    context.require(repository, "checks=read")
    found = [
        Suite(repository, suite)
        for suite in repository.suites.values()
        if suite.head_sha == source.oid
        and wanted.get("appId", suite.app.id) == suite.app.id
        and (
            "checkName" not in wanted
            or any(run.name == wanted["checkName"] for run in repository.runs_of(suite))
        )
    ]
    return Connection.of(found, "checkSuites", **part)


def runs(
    source: Suite,
    _: Context,
    *,
    filterBy: Json | None = None,  # noqa: N803 - GitHub's name
    **part: Any,
) -> Connection:
    """Answer a suite's `checkRuns`; `LATEST` leaves the newest of each name."""
    wanted = filterBy or {}
    found = [Run(source.repository, run) for run in source.repository.runs_of(source.record)]
    if wanted.get("checkType") == "LATEST":
        found = [*{one.record.name: one for one in found}.values()]
    return Connection.of([one for one in found if _fits(one, wanted)], "checkRuns", **part)


def _fits(one: Run, wanted: Json) -> bool:
    run = one.record
    return (
        wanted.get("appId", run.app.id) == run.app.id
        and wanted.get("checkName", run.name) == run.name
        and wanted.get("status", _status(run.status)) == _status(run.status)
        and _status(run.status) in wanted.get("statuses", [_status(run.status)])
        and _status(run.conclusion) in wanted.get("conclusions", [_status(run.conclusion)])
    )


def _status(value: str | None) -> str | None:
    """GraphQL writes in capitals what REST writes small."""
    return None if value is None else value.upper()


_SUITE: Plain[Suite] = {
    "app": lambda one, _: one.record.app,
    "commit": lambda one, _: GitObject(one.repository, one.record.head_sha),
    "conclusion": lambda one, _: _status(checks.suite_state(one.repository, one.record)[1]),
    "createdAt": lambda one, _: one.record.created_at,
    "databaseId": lambda one, _: one.record.id,
    "id": lambda one, _: f"CS_{one.record.id}",
    "repository": lambda one, _: one.repository,
    "status": lambda one, _: _status(checks.suite_state(one.repository, one.record)[0]),
    "updatedAt": lambda one, _: one.record.updated_at,
}
SUITE: Mapping[str, Field] = {**_SUITE, "checkRuns": runs}

RUN: Plain[Run] = {
    "checkSuite": lambda one, _: Suite(one.repository, one.record.suite),
    "completedAt": lambda one, _: one.record.completed_at,
    "conclusion": lambda one, _: _status(one.record.conclusion),
    "databaseId": lambda one, _: one.record.id,
    "externalId": lambda one, _: one.record.external_id,
    "id": lambda one, _: f"CR_{one.record.id}",
    "name": lambda one, _: one.record.name,
    "repository": lambda one, _: one.repository,
    "startedAt": lambda one, _: one.record.started_at,
    "status": lambda one, _: _status(one.record.status),
    "summary": lambda one, _: one.record.summary,
    "text": lambda one, _: one.record.text,
    "title": lambda one, _: one.record.title,
    "url": lambda one, c: f"{page_url(c.site.world, one.repository)}/runs/{one.record.id}",
}

APP: Plain[App] = {
    "clientId": lambda one, _: client_id(one),
    "createdAt": lambda one, _: one.created_at,
    "databaseId": lambda one, _: one.id,
    "id": lambda one, _: f"A_{one.id}",
    "name": lambda one, _: one.slug,
    "slug": lambda one, _: one.slug,
    "updatedAt": lambda one, _: one.created_at,
    "url": lambda one, context: app(context.site.world, one)["html_url"],
}
