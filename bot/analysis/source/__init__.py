"""Text of a repository and what its syntax alone tells: files, trees, scopes."""
