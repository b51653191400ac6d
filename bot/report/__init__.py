"""Findings rendered for people and machines: check runs, comments, terminal. All pure."""
