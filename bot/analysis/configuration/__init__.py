"""Reads how `awaited` is told what to look for: its tables, its selectors, its comments."""
