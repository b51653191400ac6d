"""In which scope the nodes of a file stand."""

import ast

from bot.analysis.source.module import Module
from bot.analysis.source.placed_nodes import placed_nodes, references
from bot.analysis.source.source import decode

TEXT = """
import deco

@deco.outer(argument)
class A(Base):
    attribute = inside

    @inner
    def method(self, default=value) -> Result:
        return self.one.two(local)[index].three
"""


def module() -> Module:
    source = decode("a.py", TEXT.encode())
    return Module(source, ast.parse(source.text))


def test_references_are_whole_dotted_names_with_the_definition_that_they_stand_in() -> None:
    found = {
        (ast.unparse(one.node), one.symbol)
        for one in references(module())
        if isinstance(one.node, ast.Name | ast.Attribute)
    }

    assert found == {
        ("Base", ""),
        ("inside", "A"),
        ("self.one.two(local)[index].three", "A.method"),
        ("self.one.two", "A.method"),
        ("local", "A.method"),
        ("index", "A.method"),
        ("value", "A"),
        ("inner", "A"),
        ("Result", "A"),
        ("deco.outer", ""),
        ("argument", ""),
    }


def test_a_definition_is_walked_with_its_decorators() -> None:
    file = module()
    method = next(one for one in file.definitions if one.name == "method")

    names = {ast.unparse(one.node) for one in references(file, method)}

    assert {"inner", "value", "local"} <= names
    assert "inside" not in names


def test_names_are_looked_up_in_the_scope_around_a_definition_and_in_its_own_inside() -> None:
    file = module()
    scopes = {
        one.node.id: one.scope.node
        for one in placed_nodes(file)
        if isinstance(one.node, ast.Name) and isinstance(one.node.ctx, ast.Load)
    }

    assert scopes["Base"] is file.tree
    assert isinstance(scopes["inner"], ast.ClassDef)
    assert isinstance(scopes["local"], ast.FunctionDef)
