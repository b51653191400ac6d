"""The REST interface: one file per resource, each a table from operation to function."""
