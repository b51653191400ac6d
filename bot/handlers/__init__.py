"""Which delivery starts which job. Pure: a delivery in, jobs out."""

from collections.abc import Callable, Iterable, Mapping

from bot.github.delivery import Delivery
from bot.handlers import check_run, comment, installation, merge_group, pull_request
from bot.handlers.origin import Origin
from bot.jobs.job import Job

Handler = Callable[[Delivery, Origin], Iterable[Job]]

# The table of contents of the bot; keys are GitHub's own `event.action` names. Deliveries that
# are not here are acknowledged, and start nothing.
HANDLERS: Mapping[str, Handler] = {
    "pull_request.opened": pull_request.check_head,
    "pull_request.reopened": pull_request.check_head,
    "pull_request.synchronize": pull_request.check_new_head,
    "pull_request.ready_for_review": pull_request.check_ready_head,
    "pull_request.edited": pull_request.check_against_new_base,
    "pull_request.closed": pull_request.leave_head,
    "check_run.rerequested": check_run.check_run_again,
    "check_run.requested_action": check_run.fix_pressed,
    "check_suite.rerequested": check_run.check_suite_again,
    "merge_group.checks_requested": merge_group.check_group,
    "merge_group.destroyed": merge_group.drop_group,
    "issue_comment.created": comment.obey,
    "issue_comment.edited": comment.obey,
    "pull_request_review.submitted": comment.obey_review,
    "pull_request_review.edited": comment.obey_review,
    "pull_request_review_comment.created": comment.obey_on_lines,
    "pull_request_review_comment.edited": comment.obey_on_lines,
}

# The same of what concerns an installation as a whole, which they get the id of.
INSTALLATION_HANDLERS: Mapping[str, Callable[[int], Iterable[Job]]] = {
    "installation.unsuspend": installation.catch_up,
    "installation.new_permissions_accepted": installation.catch_up,
}


def jobs_for(delivery: Delivery) -> list[Job]:
    """Return the jobs that a delivery asks for.

    Raises:
        MalformedDelivery: it is not what GitHub describes.
    """
    whole = INSTALLATION_HANDLERS.get(delivery.name)
    if whole and delivery.installation_id is not None:
        return list(whole(delivery.installation_id))
    handler = HANDLERS.get(delivery.name)
    origin = Origin.of(delivery)
    return list(handler(delivery, origin)) if handler and origin else []
