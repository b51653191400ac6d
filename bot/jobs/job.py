"""A job: work that is stored before it is done, and that may be done more than once.

A job holds names and numbers only (installation, repository, pull request, comment): never a
token, a key or source text, because it lies in a database in plain words. It reads the current
state of the world when it runs, and its effects are idempotent: a worker may die half way.
"""

from abc import ABCMeta, abstractmethod
from enum import IntEnum
from typing import ClassVar

import msgspec

from bot.jobs.workbench import Workbench


class Priority(IntEnum):
    """Which of a tenant's waiting jobs goes first: the lower number."""

    FIX = 10
    MERGE = 20
    CHECK = 30
    SWEEP = 40


class JobMeta(msgspec.StructMeta, ABCMeta):
    """Makes a job that lacks one of its methods impossible to create."""


class Job(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", metaclass=JobMeta):
    """Subclasses name themselves: `class Sweep(Job, frozen=True, tag="sweep")`.

    The tag is stored: renaming it strands the jobs that wait under the old name, and so does
    adding a field without a default.

    Attributes:
        payload_version: raised when the meaning of a field changes, so that `run` can tell a
            job stored by an older version of the bot.
    """

    payload_version: int = 1

    priority: ClassVar[Priority] = Priority.CHECK

    @property
    @abstractmethod
    def tenant(self) -> str:
        """Whose work this is (the installation's id): tenants share the workers fairly."""

    @abstractmethod
    async def run(self, bench: Workbench) -> None:
        """Do the work.

        Raises:
            Transient: the work is done again from the start, later. Any other exception is a
                bug: done once more, then given up.
        """

    @abstractmethod
    async def give_up(self, bench: Workbench, error: str) -> None:
        """Tell the user that the bot itself failed; leave no check run in progress.

        Called once the attempts are used up (more than once if the worker dies meanwhile).
        `error` names the last failure in a few words fit for the user.
        """


def kind_of(job: Job | type[Job]) -> str:
    """Return the name under which a job is stored and logged."""
    return str(job.__struct_config__.tag)
