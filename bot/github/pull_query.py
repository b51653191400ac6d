"""One query for what a job must know of a pull request before it does anything.

That is its state, our newest check run on its head, and the configuration of its base, which is
remembered like any file of a commit. GitHub answers in part where a part fails; what is not
certain is left out, and asked for in another way by whoever needs it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from bot.analysis.configuration.config_reading import CONFIG_FILES
from bot.github.client import WAITS, parsed
from bot.github.contents import Blob, Contents
from bot.github.errors import Forbidden, Gone, Uncertain
from bot.github.pulls import PullRequest, ShownRun, Sighting
from bot.github.query_errors import QueryError, QueryFailed
from bot.github.repository import Author
from bot.report.check_run import CHECK_NAME

# An app has one suite on a commit, and each name one newest run in it; some spare is for free.
_QUERY = """query PullRequest(
  $owner: String!, $name: String!, $number: Int!,
  $suites: CheckSuiteFilter!, $runs: CheckRunFilter!, %(declared)s
) {
  repository(owner: $owner, name: $name) {
    nameWithOwner
    defaultBranchRef { name }
    pullRequest(number: $number) {
      number state updatedAt maintainerCanModify
      headRefName headRefOid headRepository { nameWithOwner }
      baseRefName baseRefOid baseRef { target { oid ... on Commit { %(files)s } } }
      commits(last: 1) { nodes { commit {
        oid
        checkSuites(first: 10, filterBy: $suites) { nodes {
          app { %(app)s }
          checkRuns(first: 5, filterBy: $runs) { nodes {
            databaseId externalId status conclusion title summary url
          } }
        } }
      } } }
    }
  }
}"""
# The aliases of the files; GitHub's errors name them.
_FILES = {f"f{number}": path for number, path in enumerate(CONFIG_FILES)}
# Where an answer may have a gap: nothing is concluded from it.
_APART = frozenset({"commits", "headRepository", *_FILES})


class _Struct(msgspec.Struct, frozen=True, rename="camel"):
    """Field names are GitHub's."""


class _Named(_Struct, frozen=True):
    name_with_owner: str


class _Branch(_Struct, frozen=True):
    name: str


class _Entry(_Struct, frozen=True):
    # None is a submodule.
    object: Blob | None = None


class _Base(_Struct, frozen=True):
    # Its oid, and the files by their aliases.
    target: dict[str, str | _Entry | None] | None = None


class _App(_Struct, frozen=True):
    database_id: int | None = None
    client_id: str | None = None


class _Run(_Struct, frozen=True):
    status: str
    url: str
    database_id: int | None = None
    external_id: str | None = None
    conclusion: str | None = None
    title: str | None = None
    summary: str | None = None


class _Runs(_Struct, frozen=True):
    nodes: list[_Run | None] | None = None


class _Suite(_Struct, frozen=True):
    app: _App | None = None
    check_runs: _Runs | None = None


class _Suites(_Struct, frozen=True):
    nodes: list[_Suite | None] | None = None


class _Commit(_Struct, frozen=True):
    oid: str
    check_suites: _Suites | None = None


class _PullCommit(_Struct, frozen=True):
    commit: _Commit


class _Commits(_Struct, frozen=True):
    nodes: list[_PullCommit | None] | None = None


class _Pull(_Struct, frozen=True):
    number: int
    state: Literal["OPEN", "CLOSED", "MERGED"]
    updated_at: datetime
    maintainer_can_modify: bool
    head_ref_name: str
    head_ref_oid: str
    base_ref_name: str
    base_ref_oid: str
    head_repository: _Named | None = None
    base_ref: _Base | None = None
    commits: _Commits = _Commits()


class _Repository(_Struct, frozen=True):
    name_with_owner: str
    default_branch_ref: _Branch | None = None
    pull_request: _Pull | None = None


class _Data(_Struct, frozen=True):
    repository: _Repository | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    """A repository with its pull request, and the errors of parts that have gaps."""

    repository: _Repository
    pull: _Pull
    gaps: Sequence[QueryError] = ()

    @property
    def base_sha(self) -> str:
        """The newest commit of the base, or the last that was noted of a branch that is gone."""
        oid = self._base.get("oid")
        return oid if isinstance(oid, str) else self.pull.base_ref_oid

    @property
    def _base(self) -> Mapping[str, str | _Entry | None]:
        return (self.pull.base_ref and self.pull.base_ref.target) or {}

    def files(self) -> Iterator[tuple[str, Blob | None]]:
        """Yield the configuration files of the base, None for those that are not there."""
        for alias, path in _FILES.items():
            entry = self._base.get(alias)
            if isinstance(entry, _Entry):
                yield path, entry.object
            elif self._base and self._is_missing(alias):
                yield path, None

    def _is_missing(self, alias: str) -> bool:
        """Whether there certainly is no such file: GitHub says that of each in an error."""
        of_it = [gap for gap in self.gaps if alias in (gap.path or ())]
        return all(gap.type == "NOT_FOUND" for gap in of_it)

    def runs(self) -> Iterator[tuple[Author, _Run]]:
        """Yield the check runs on the head, if GitHub's list of commits has come that far."""
        for node in self.pull.commits.nodes or ():
            if node is not None and node.commit.oid == self.pull.head_ref_oid:
                yield from _runs(node.commit)


class PullRequests(Contents):
    """Reads pull requests."""

    async def pull_request(self, number: int, *, seen: Sighting | None = None) -> PullRequest:
        """Return a pull request as it is now.

        Args:
            number: of the pull request.
            seen: what a delivery has shown of it. For some seconds some of GitHub's servers
                still answer with what was before (observed, not documented); they are asked again.

        Raises:
            Gone: there is none of this number.
        """
        pull = await self._pull(number)
        for wait in WAITS:
            if seen is None or not seen.is_ahead_of(pull):
                break
            await self._client.sleep(wait)
            pull = await self._pull(number)
        return pull

    async def _pull(self, number: int) -> PullRequest:
        answer = await self._client.when_known(lambda: self._answer(number))
        for path, blob in answer.files():
            self.remember(f"{answer.base_sha}:{path}", blob)
        runs = [run for author, run in answer.runs() if self._is_own(author)]
        return _pull(answer, runs)

    async def _answer(self, number: int) -> _Answer:
        is_number = self._app_id.isdigit()
        app = {"appId": int(self._app_id)} if is_number else {}
        variables: Mapping[str, Any] = {
            "owner": self._owner,
            "name": self._name,
            "number": number,
            "suites": {**app, "checkName": CHECK_NAME},
            "runs": {"checkName": CHECK_NAME, "checkType": "LATEST"},
            **_FILES,
        }
        try:
            data = await self._client.graphql(_query(by_number=is_number), **variables)
        except QueryFailed as failure:
            return _checked(failure.data, failure)
        return _checked(data)


def _query(*, by_number: bool) -> str:
    """Return the query; GitHub filters by an app's number only, not by its client id."""
    return _QUERY % {
        "declared": ", ".join(f"${alias}: String!" for alias in _FILES),
        "files": " ".join(
            f"{alias}: file(path: ${alias}) {{ object {{ ... on Blob {{ oid byteSize text }} }} }}"
            for alias in _FILES
        ),
        "app": "databaseId" if by_number else "clientId",
    }


def _checked(data: object, failure: QueryFailed | None = None) -> _Answer:
    """Return what can be relied on.

    Raises:
        Gone: there is no such pull request, or no such repository.
        Forbidden: the installation lacks a permission.
        Uncertain: GitHub failed where no gap may be.
        QueryFailed: it refused the query itself.
    """
    errors: Sequence[QueryError] = failure.errors if failure else ()
    repository = parsed(data or {}, _Data, "POST graphql").repository
    if repository is not None and repository.pull_request is not None:
        gaps = [error for error in errors if not _APART.isdisjoint(error.path or ())]
        if len(gaps) == len(errors):
            return _Answer(repository, repository.pull_request, gaps)
        errors = [error for error in errors if error not in gaps]
    elif failure is None or any(map(_is_of_nothing, errors)):
        raise Gone(str(failure or "GitHub does not tell of such a pull request"))
    if any(error.type == "FORBIDDEN" for error in errors):
        raise Forbidden(str(failure))
    if failure is None or failure.is_of_execution:
        raise Uncertain(str(failure))
    raise failure


def _is_of_nothing(error: QueryError) -> bool:
    """Whether an error says that there is no such pull request, or no such repository."""
    return error.type == "NOT_FOUND" and (error.path or [])[2:] == []


def _runs(commit: _Commit) -> Iterator[tuple[Author, _Run]]:
    for suite in (commit.check_suites and commit.check_suites.nodes) or ():
        app = suite.app if suite else None
        runs = suite.check_runs if suite else None
        if app is not None:
            author = Author(app.database_id, app.client_id)
            yield from ((author, run) for run in (runs and runs.nodes) or () if run is not None)


def _pull(answer: _Answer, runs: Sequence[_Run]) -> PullRequest:
    repository, pull = answer.repository, answer.pull
    branch = repository.default_branch_ref
    return PullRequest(
        number=pull.number,
        state="open" if pull.state == "OPEN" else "closed",
        merged=pull.state == "MERGED",
        head_sha=pull.head_ref_oid,
        head_ref=pull.head_ref_name,
        head_repository=pull.head_repository.name_with_owner if pull.head_repository else None,
        base_sha=answer.base_sha,
        base_ref=pull.base_ref_name,
        base_repository=repository.name_with_owner,
        default_branch=branch.name if branch else "",
        maintainer_can_modify=pull.maintainer_can_modify,
        updated_at=pull.updated_at,
        shown=_newest(runs),
    )


def _newest(runs: Sequence[_Run]) -> ShownRun | None:
    by_id = {run.database_id: run for run in runs if run.database_id is not None}
    if not by_id:
        return None
    number = max(by_id)
    run = by_id[number]
    # A run that was opened again may still have one.
    conclusion = run.conclusion if run.status == "COMPLETED" else None
    return ShownRun(
        id=number,
        external_id=run.external_id or "",
        conclusion=conclusion.lower() if conclusion else None,
        title=run.title or "",
        summary=run.summary or "",
        url=run.url,
    )
