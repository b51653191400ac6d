"""How pytest is started and configured in a repository, and which versions of it."""
