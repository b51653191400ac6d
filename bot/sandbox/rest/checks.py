"""Check runs and check suites, with the limits of the Checks interface."""

from bot.sandbox.errors import ApiError, invalid
from bot.sandbox.model import CheckRun, Json
from bot.sandbox.render import checks
from bot.sandbox.reply import Reply
from bot.sandbox.repository import Repository
from bot.sandbox.rest.call import Call, Operations, found
from bot.sandbox.rest.commits import resolve

operations = Operations()
# Each of these is kept as it is given.
PLAIN = ("name", "external_id", "details_url", "status", "started_at", "completed_at", "actions")
RAW_DETAILS_BYTES = 64 * 1024
TITLE_CHARACTERS = 255


@operations.answers_to("checks/create", "checks=write")
def create(call: Call) -> Reply:
    """Create a check run on a commit, in the one suite that the app has there."""
    repository, sha, app = call.repository, call.body["head_sha"], call.installed_app
    if sha not in repository.store:
        raise invalid(f"No commit found for SHA: {sha}")
    suite = call.site.activity.suite(repository, app, sha)
    run = CheckRun(call.world.next_id(), suite, call.body["name"], call.world.now())
    _write(call, run)
    call.site.activity.run_created(repository, run)
    return _answer(call, 201, repository, run)


@operations.answers_to("checks/update", "checks=write")
def update(call: Call) -> Reply:
    """Change a check run of the app's own; annotations are added to the ones that are there."""
    repository, run = call.repository, _run(call)
    if run.app is not call.installed_app:
        raise ApiError(403, "Invalid app_id: the check run belongs to another app.")
    was_completed = run.status == "completed"
    _write(call, run)
    if run.status == "completed" and not was_completed:
        call.site.activity.run_completed(repository, run)
    return _answer(call, 200, repository, run)


@operations.answers_to("checks/get", "checks=read")
def get(call: Call) -> Reply:
    """Return a check run."""
    return _answer(call, 200, call.repository, _run(call))


@operations.answers_to("checks/list-annotations", "checks=read")
def list_annotations(call: Call) -> Reply:
    """Return a check run's annotations in the order in which they came."""
    repository, run = call.repository, _run(call)
    return call.page(
        run.annotations, lambda one: checks.annotation(call.world, repository, run, one)
    )


@operations.answers_to("checks/list-for-ref", "checks=read")
def list_for_ref(call: Call) -> Reply:
    """Return the check runs on a commit; unless all are wanted, the newest of each name."""
    repository = call.repository
    sha = str(resolve(repository, call.path["ref"]).id)
    runs = [run for run in repository.runs.values() if run.head_sha == sha and _fits(call, run)]
    if call.query.get("filter", "latest") == "latest":
        runs = list({(run.app.id, run.name): run for run in runs}.values())
    runs.reverse()
    return call.page(
        runs, lambda run: checks.check_run(call.world, repository, run), wrap="check_runs"
    )


@operations.answers_to("checks/get-suite", "checks=read")
def get_suite(call: Call) -> Reply:
    """Return a check suite."""
    suite = found(call.repository.suites.get(call.number("check_suite_id")))
    return Reply(200, checks.check_suite(call.world, call.repository, suite))


@operations.answers_to("checks/list-suites-for-ref", "checks=read")
def list_suites(call: Call) -> Reply:
    """Return the check suites on a commit."""
    repository, query = call.repository, call.query
    sha = str(resolve(repository, call.path["ref"]).id)
    suites = [suite for suite in repository.suites.values() if suite.head_sha == sha]
    if "app_id" in query:
        suites = [suite for suite in suites if suite.app.id == int(query["app_id"])]
    if "check_name" in query:
        named = {r.suite.id for r in repository.runs.values() if r.name == query["check_name"]}
        suites = [suite for suite in suites if suite.id in named]
    return call.page(
        suites,
        lambda suite: checks.check_suite(call.world, repository, suite),
        wrap="check_suites",
    )


def _run(call: Call) -> CheckRun:
    return found(call.repository.runs.get(call.number("check_run_id")))


def _answer(call: Call, status: int, repository: Repository, run: CheckRun) -> Reply:
    return Reply(status, checks.check_run(call.world, repository, run))


def _fits(call: Call, run: CheckRun) -> bool:
    query = call.query
    return (
        query.get("check_name", run.name) == run.name
        and query.get("status", run.status) == run.status
        and int(query.get("app_id", run.app.id)) == run.app.id
    )


def _write(call: Call, run: CheckRun) -> None:
    given = call.body
    output: Json = given.get("output") or {}
    for annotation in output.get("annotations", ()):
        _check_annotation(annotation)
    for name in PLAIN:
        if name in given:
            setattr(run, name, given[name])
    for name in ("title", "summary", "text"):
        if name in output:
            setattr(run, name, output[name])
    run.annotations += output.get("annotations", ())
    _conclude(call, run)


def _conclude(call: Call, run: CheckRun) -> None:
    """A conclusion completes a run, and a run that is opened again has none."""
    if conclusion := call.body.get("conclusion"):
        run.status, run.conclusion = "completed", conclusion
        run.completed_at = call.body.get("completed_at") or call.world.now()
    elif run.status != "completed":
        run.conclusion = run.completed_at = None


def _check_annotation(annotation: Json) -> None:
    start, end = annotation["start_line"], annotation["end_line"]
    columns = "start_column" in annotation or "end_column" in annotation
    if start < 1 or end < start:
        raise invalid("Invalid request.", f"Lines {start}-{end} are not a range.")
    if columns and start != end:
        raise invalid("Invalid request.", "Columns are for annotations within one line.")
    if len(annotation.get("title", "")) > TITLE_CHARACTERS:
        raise invalid("Invalid request.", "An annotation's title has at most 255 characters.")
    for name in ("message", "raw_details"):
        if len(annotation.get(name, "").encode()) > RAW_DETAILS_BYTES:
            raise invalid("Invalid request.", f"An annotation's {name} has at most 64 KB.")
