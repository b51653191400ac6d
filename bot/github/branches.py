"""Who may push, and where to: permissions of people, protection of branches."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from bot.github.errors import Gone
from bot.github.repository import RepositoryPart

# Rules of a ruleset that an ordinary commit on top of the branch keeps ("Available rules for
# rulesets"): our commits are signed by GitHub, move the branch forward and are linear. Patterns
# are judged by GitHub when we push. Every other rule means that changes go another way.
HARMLESS_RULES = frozenset(
    {
        "creation",
        "deletion",
        "non_fast_forward",
        "required_linear_history",
        "required_signatures",
        "commit_message_pattern",
        "commit_author_email_pattern",
        "committer_email_pattern",
        "branch_name_pattern",
        "tag_name_pattern",
        "file_path_restriction",
        "max_file_path_length",
        "file_extension_restriction",
        "max_file_size",
    }
)


@dataclass(frozen=True, slots=True)
class Permission:
    """What a person may do in the repository.

    Attributes:
        level: GitHub's old four levels; maintain counts as write, triage as read.
        role_name: the role itself, which may be the organisation's own.
        maintains: may do what the role "maintain" may, whatever the role is called.
    """

    level: Literal["admin", "write", "read", "none"]
    role_name: str
    maintains: bool = False

    @property
    def can_write(self) -> bool:
        """Whether they may push."""
        return self.level in {"admin", "write"}


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch: where it points to, and whether protection or a ruleset forbids plain pushes."""

    name: str
    head_sha: str
    protected: bool


class _Rights(msgspec.Struct, frozen=True):
    maintain: bool = False


class _Person(msgspec.Struct, frozen=True):
    permissions: _Rights = _Rights()


class _Permission(msgspec.Struct):
    permission: Literal["admin", "write", "read", "none"]
    role_name: str = ""
    user: _Person | None = None


class _Commit(msgspec.Struct):
    sha: str


class _Branch(msgspec.Struct):
    commit: _Commit
    protected: bool


class _Parameters(msgspec.Struct):
    dismiss_stale_reviews_on_push: bool = False


class _Rule(msgspec.Struct):
    type: str
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


# Far more than anybody has.
_RULE_PAGES = 10


class Branches(RepositoryPart):
    """Reads permissions and branches."""

    async def permission(self, login: str) -> Permission:
        """Return what a person may do now. Who is unknown may do nothing."""
        path = self._path("collaborators", login, "permission")
        try:
            given = await self._client.get(path, _Permission)
        except Gone:
            return Permission("none", "")
        rights = given.user.permissions if given.user else _Rights()
        return Permission(given.permission, given.role_name, maintains=rights.maintain)

    async def branch(self, name: str) -> Branch:
        """Return a branch as it is now.

        Raises:
            Gone: there is none of this name.
        """
        branch = await self._client.get(self._path("branches", name), _Branch)
        protected = branch.protected or await self._is_ruled(name)
        return Branch(name, branch.commit.sha, protected)

    async def may_dismiss_approvals(self, base: str) -> bool:
        """Whether a push to a pull request into this branch may take its approvals away.

        Rulesets say it to everybody who may read metadata. Of classic protection only those who
        administer the repository may read what it says, so where there is one, it may.
        """
        rules = await self._rules(base)
        if any(rule.parameters.dismiss_stale_reviews_on_push for rule in rules):
            return True
        try:
            branch = await self._client.get(self._path("branches", base), _Branch)
        except Gone:
            return False
        return branch.protected

    async def _is_ruled(self, name: str) -> bool:
        """Whether a ruleset of the repository, or of its organisation, forbids plain pushes."""
        return not {rule.type for rule in await self._rules(name)} <= HARMLESS_RULES

    async def _rules(self, name: str) -> list[_Rule]:
        path = self._path("rules", "branches", name)
        pages = self._client.pages(path, list[_Rule], most=_RULE_PAGES)
        return [rule async for page in pages for rule in page]
