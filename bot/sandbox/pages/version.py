"""A short word that changes whenever a page that is watched would show something else."""

from collections.abc import Hashable, Iterator

from bot.sandbox.model import CheckRun, Comment, PullRequest
from bot.sandbox.pages.visit import Visit
from bot.sandbox.repository import Repository


def version(visit: Visit, watched: str) -> str:
    """Return the version of a repository by its full name, or of everything."""
    if watched:
        return _word(tuple(_repository(visit.site.world.repository(watched))))
    everything = visit.site.world.repositories.values()
    state = [part for repository in everything for part in _repository(repository)]
    return _word((*state, *_traffic(visit)))


def _word(state: tuple[Hashable, ...]) -> str:
    return f"{hash(state) & 0xFFFF_FFFF_FFFF:012x}"


def _traffic(visit: Visit) -> Iterator[Hashable]:
    deliveries = visit.site.hookshot.deliveries
    yield from (len(visit.exchanges), len(deliveries), len(visit.site.referee.violations))
    yield tuple((one.status, one.status_code) for one in deliveries)


def _repository(repository: Repository) -> Iterator[Hashable]:
    yield repository.full_name
    yield tuple(repository.permissions.items())
    yield tuple(sorted(repository.store.branches().items()))
    yield tuple(_pull(one) for one in repository.pulls.values())
    yield tuple(_comment(one) for one in repository.comments.values())
    yield tuple(repository.reviews)
    yield tuple(_run(one) for one in repository.runs.values())


def _pull(pull: PullRequest) -> Hashable:
    seen = (pull.title, pull.body, pull.state, pull.merged_at, pull.draft)
    return (*seen, pull.base_ref, pull.base_sha, pull.head_sha, pull.head_repository_id)


def _comment(comment: Comment) -> Hashable:
    return comment.id, comment.body, comment.updated_at, len(comment.reactions)


def _run(run: CheckRun) -> Hashable:
    seen = (run.id, run.status, run.conclusion, run.title, run.summary, run.text)
    return (*seen, len(run.annotations), tuple(one["identifier"] for one in run.actions))
