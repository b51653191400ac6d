"""What a verdict is about, as its text names it."""

from enum import Enum


class Subject(Enum):
    """Whose change was checked."""

    PULL_REQUEST = "pull request"
    MERGE_GROUP = "merge group"
