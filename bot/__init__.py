"""A GitHub App that makes sure every async test really runs. Start at docs/architecture.md."""
