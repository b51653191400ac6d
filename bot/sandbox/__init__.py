"""GitHub on localhost: real git, REST, GraphQL, signed webhooks, pages; for the demo and the tests."""
