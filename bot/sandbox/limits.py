"""Limits of the platform that a test may want to reach with little data."""

from dataclasses import dataclass


@dataclass(slots=True)
class Limits:
    """How much GitHub gives at once; sizes in bytes, counts in entries."""

    tree_entries: int = 100_000
    pull_files: int = 3_000
    compare_files: int = 300
    content_bytes: int = 1_048_576
    graphql_text_bytes: int = 512_000
    requests_per_hour: int = 5_000
    content_per_minute: int = 80
    content_per_hour: int = 500
    # Whether an app may push to a user's fork that allows edits by maintainers. GitHub does not
    # document it; apps in the wild do it.
    push_to_forks: bool = True
