"""What a GraphQL query costs before it is run: its nodes, which are bounded, and its points.

GitHub's rules ("Rate limits and query limits for the GraphQL API"): a connection counts as many
nodes as are asked for, for each node above it; a hundred requests for connections are a point.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

from bot.sandbox.graphql_rules import operation_of

MOST_NODES = 500_000
CONNECTIONS_A_POINT = 100


@dataclass(frozen=True, slots=True)
class Cost:
    """What a query may come to: `nodes` at most, found in so many requests for `connections`."""

    nodes: int = 0
    connections: int = 0

    @property
    def points(self) -> int:
        """What is taken from the hourly budget; no query is free."""
        return max(1, round(self.connections / CONNECTIONS_A_POINT))

    @property
    def refusal(self) -> str | None:
        """GitHub's words where that is too much."""
        if self.nodes <= MOST_NODES:
            return None
        return (
            f"This query requests up to {self.nodes:,} possible nodes which exceeds the maximum "
            f"limit of {MOST_NODES:,}."
        )

    def __add__(self, other: Self) -> "Cost":
        """Sum up."""
        return Cost(self.nodes + other.nodes, self.connections + other.connections)


def cost_of(document: DocumentNode, variables: Mapping[str, Any], name: str | None) -> Cost:
    """Return what a valid query may come to."""
    operation = operation_of(document, name)
    fragments = {
        one.name.value: one.selection_set
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    reckoning = _Reckoning(fragments, variables)
    return reckoning.cost(operation.selection_set, 1) if operation else Cost()


@dataclass(frozen=True, slots=True)
class _Reckoning:
    fragments: Mapping[str, SelectionSetNode]
    variables: Mapping[str, Any]

    def cost(self, selected: SelectionSetNode, above: int) -> Cost:
        """Return what is selected of each of so many nodes."""
        total = Cost()
        for one in selected.selections:
            match one:
                case FieldNode():
                    total += self._field(one, above)
                case InlineFragmentNode():
                    total += self.cost(one.selection_set, above)
                case FragmentSpreadNode():
                    total += self.cost(self.fragments[one.name.value], above)
                case _:  # there is no other
                    pass
        return total

    def _field(self, field: FieldNode, above: int) -> Cost:
        count = self._count(field)
        below = above if count is None else above * count
        own = Cost() if count is None else Cost(below, above)
        return own + self.cost(field.selection_set, below) if field.selection_set else own

    def _count(self, field: FieldNode) -> int | None:
        """Return how many a connection is asked for; None for what is none."""
        bounds = (
            one.value for one in field.arguments or () if one.name.value in {"first", "last"}
        )
        return next((count for one in bounds if (count := self._int(one)) is not None), None)

    def _int(self, value: ValueNode) -> int | None:
        match value:
            case IntValueNode():
                return int(value.value)
            case VariableNode():
                return self.variables.get(value.name.value)
            case _:
                return None
