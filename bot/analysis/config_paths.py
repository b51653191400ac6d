"""Which files of a tree are configuration: what to fetch before anything is decided."""

from collections.abc import Collection


def configuration_paths(paths: Collection[str], near: Collection[str] = ()) -> frozenset[str]:
    """Return what `ConfigFiles` wants to see, bounded; folders above `near` come first."""
    return frozenset()
