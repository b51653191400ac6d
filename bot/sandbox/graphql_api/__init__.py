"""The GraphQL interface, executed on GitHub's own types: they enforce shapes and nullability."""
