"""Which function answers which operation: the table of contents of the REST interface."""

from collections.abc import Mapping

from bot.sandbox.rest import (
    apps,
    checks,
    commits,
    conversation,
    git_data,
    pulls,
    repositories,
    rulesets,
)
from bot.sandbox.rest.call import Answer

ANSWERS: Mapping[str, Answer] = {
    **apps.operations.answers,
    **checks.operations.answers,
    **commits.operations.answers,
    **conversation.operations.answers,
    **git_data.operations.answers,
    **pulls.operations.answers,
    **repositories.operations.answers,
    **rulesets.operations.answers,
}
