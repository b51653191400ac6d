"""The fixes that several rules share, put together from edits."""
