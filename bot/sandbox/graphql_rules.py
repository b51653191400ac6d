"""What makes a GraphQL request well-formed: the query fits the schema, and so do its variables."""

from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    parse,
    validate,
)
from graphql.execution import get_variable_values

KEYS = frozenset({"query", "variables", "operationName"})


def errors(schema: GraphQLSchema, request: dict[str, Any]) -> list[str]:
    """Return what is wrong with a request's body; nothing if it can be executed."""
    unknown = [f"unknown key {key}" for key in request if key not in KEYS]
    query = request.get("query")
    if not isinstance(query, str):
        return [*unknown, "the query is missing"]
    try:
        document = parse(query)
    except GraphQLError as error:
        return [*unknown, error.message]
    wrong = [error.message for error in validate(schema, document)]
    return unknown + (wrong or _variable_errors(schema, document, request))


def operation_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """Return the operation that a request asks for."""
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            given = definition.name.value if definition.name else None
            if name is None or given == name:
                return definition
    return None


def _variable_errors(
    schema: GraphQLSchema, document: DocumentNode, request: dict[str, Any]
) -> list[str]:
    operation = operation_of(document, request.get("operationName"))
    if operation is None:
        return ["there is no such operation in the query"]
    given: dict[str, Any] = request.get("variables") or {}
    declared = operation.variable_definitions or ()
    names = {definition.variable.name.value for definition in declared}
    surplus = [f"variable ${name} is not declared" for name in given if name not in names]
    values = get_variable_values(schema, declared, given)
    return surplus + ([e.message for e in values] if isinstance(values, list) else [])
