"""Check runs, their suites and their annotations as JSON."""

from bot.sandbox.model import CheckRun, CheckSuite, Json
from bot.sandbox.render.accounts import app
from bot.sandbox.render.git_data import simple_commit
from bot.sandbox.render.pulls import minimal_pull
from bot.sandbox.render.repositories import api_url, page_url, repository
from bot.sandbox.repository import Repository
from bot.sandbox.world import World

# What one run makes of its suite, the worst first (GitHub's own order is not published).
CONCLUSIONS = ("failure", "timed_out", "cancelled", "action_required", "stale", "success")


def run_url(world: World, one: Repository, run: CheckRun) -> str:
    """Return the REST address of a check run."""
    return f"{api_url(world, one)}/check-runs/{run.id}"


def check_run(world: World, one: Repository, run: CheckRun) -> Json:
    """Return a check run; pull requests from forks are never named in it."""
    return _run(world, one, run) | {"check_suite": {"id": run.suite.id}}


def webhook_check_run(world: World, one: Repository, run: CheckRun) -> Json:
    """Return a check run as webhooks carry it: with the whole of its suite."""
    return _run(world, one, run) | {"check_suite": simple_suite(world, one, run.suite)}


def _run(world: World, one: Repository, run: CheckRun) -> Json:
    pulls = one.pulls_with_head(run.head_sha)
    return {
        "id": run.id,
        "name": run.name,
        "node_id": f"CR_{run.id}",
        "head_sha": run.head_sha,
        "external_id": run.external_id,
        "url": run_url(world, one, run),
        "html_url": f"{page_url(world, one)}/runs/{run.id}",
        "details_url": run.details_url or f"{world.url}/apps/{run.app.slug}",
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": run.started_at,
        "completed_at": run.completed_at,
        "output": _output(world, one, run),
        "app": app(world, run.app),
        "pull_requests": [minimal_pull(world, one, pull) for pull in pulls],
    }


def _output(world: World, one: Repository, run: CheckRun) -> Json:
    return {
        "title": run.title,
        "summary": run.summary,
        "text": run.text,
        "annotations_count": len(run.annotations),
        "annotations_url": f"{run_url(world, one, run)}/annotations",
    }


def annotation(world: World, one: Repository, run: CheckRun, given: Json) -> Json:
    """Return an annotation with everything that was not given set to null."""
    path = given["path"]
    return {
        "path": path,
        "blob_href": f"{page_url(world, one)}/blob/{run.head_sha}/{path}",
        "start_line": given["start_line"],
        "end_line": given["end_line"],
        "start_column": given.get("start_column"),
        "end_column": given.get("end_column"),
        "annotation_level": given["annotation_level"],
        "title": given.get("title"),
        "message": given["message"],
        "raw_details": given.get("raw_details"),
    }


def suite_state(one: Repository, suite: CheckSuite) -> tuple[str, str | None]:
    """Return status and conclusion of a suite, which follow from its runs."""
    runs = one.runs_of(suite)
    if not runs:
        return "queued", None
    if any(run.status != "completed" for run in runs):
        return "in_progress", None
    ended = {run.conclusion for run in runs}
    return "completed", next((worst for worst in CONCLUSIONS if worst in ended), "neutral")


def simple_suite(world: World, one: Repository, suite: CheckSuite) -> Json:
    """Return a suite as it stands inside of a check run's webhook."""
    status, conclusion = suite_state(one, suite)
    pulls = one.pulls_with_head(suite.head_sha)
    return {
        "id": suite.id,
        "node_id": f"CS_{suite.id}",
        "head_branch": suite.head_branch,
        "head_sha": suite.head_sha,
        "status": status,
        "conclusion": conclusion,
        "url": f"{api_url(world, one)}/check-suites/{suite.id}",
        "before": suite.before,
        "after": suite.head_sha,
        "pull_requests": [minimal_pull(world, one, pull) for pull in pulls],
        "app": app(world, suite.app),
        "created_at": suite.created_at,
        "updated_at": suite.updated_at,
    }


def check_suite(world: World, one: Repository, suite: CheckSuite) -> Json:
    """Return a suite with its repository and its head commit, as the REST interface does."""
    return webhook_suite(world, one, suite) | {"repository": repository(world, one)}


def webhook_suite(world: World, one: Repository, suite: CheckSuite) -> Json:
    """Return a suite as the `check_suite` event carries it."""
    return simple_suite(world, one, suite) | {
        "latest_check_runs_count": len(one.runs_of(suite)),
        "check_runs_url": f"{api_url(world, one)}/check-suites/{suite.id}/check-runs",
        "rerequestable": True,
        "runs_rerequestable": True,
        "head_commit": simple_commit(one.store.commit(suite.head_sha)),
    }
