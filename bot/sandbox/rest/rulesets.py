"""Rulesets, as far as they speak of branches."""

from collections.abc import Iterator

from bot.sandbox.auth import grants
from bot.sandbox.errors import invalid
from bot.sandbox.git_store import HEADS
from bot.sandbox.model import Json
from bot.sandbox.render.repositories import api_url, page_url
from bot.sandbox.reply import Reply
from bot.sandbox.repository import Repository
from bot.sandbox.required_checks import RequiredCheck
from bot.sandbox.rest.call import Call, Operations

operations = Operations()
DEFAULT_BRANCH = "~DEFAULT_BRANCH"


@operations.answers_to("repos/create-repo-ruleset", "administration=write")
def create(call: Call) -> Reply:
    """Create a ruleset; it holds for the branches that it names."""
    repository, given = call.repository, call.body
    rules: list[Json] = given.get("rules", [])
    for check in _required(rules):
        _check_source(call, repository, check)
    if given["enforcement"] == "active":
        for branch in _branches(repository, given):
            for rule in rules:
                repository.add_rule(branch, rule["type"], **rule.get("parameters", {}))
    return Reply(201, _rendered(call, repository, given))


def _required(rules: list[Json]) -> Iterator[RequiredCheck]:
    for rule in rules:
        if rule["type"] == "required_status_checks":
            yield from map(RequiredCheck.of, rule["parameters"]["required_status_checks"])


def _check_source(call: Call, repository: Repository, check: RequiredCheck) -> None:
    """Hold that an app can be the source of a check: GitHub's settings offer no other.

    It has `statuses: write` on the repository and has reported a check run there ("Available
    rules for rulesets"). What the interface says to others is not published.
    """
    if check.app_id is None:
        return
    fit = any(
        one.app.id == check.app_id and grants(one.permissions, "statuses=write")
        for one in call.world.installations_on(repository)
    )
    reported = any(run.app.id == check.app_id for run in repository.runs.values())
    if not (fit and reported):
        problem = {"resource": "Ruleset", "field": "integration_id", "code": "invalid"}
        raise invalid("Validation Failed", problem)


def _branches(repository: Repository, given: Json) -> list[str]:
    names: list[str] = given.get("conditions", {}).get("ref_name", {}).get("include", [])
    return [
        repository.default_branch if name == DEFAULT_BRANCH else name.removeprefix(HEADS)
        for name in names
    ]


def _rendered(call: Call, repository: Repository, given: Json) -> Json:
    number = call.world.next_id()
    now = call.world.now()
    return given | {
        "id": number,
        "node_id": f"RRS_{number}",
        "source_type": "Repository",
        "source": repository.full_name,
        "created_at": now,
        "updated_at": now,
        "_links": {
            "self": {"href": f"{api_url(call.world, repository)}/rulesets/{number}"},
            "html": {"href": f"{page_url(call.world, repository)}/rules/{number}"},
        },
    }
