"""Whether something is what a house rule names: `SharedBase`, `till.testing.SharedBase`."""

from bot.analysis.names.values import Class, External, Function, Package, Value


def is_named(value: Value, wanted: str) -> bool:
    """Whether a value is the symbol of that name; a bare name fits wherever it is defined."""
    dotted = dotted_name(value)
    return dotted is not None and f".{dotted}".endswith(f".{wanted}")


def names(dotted: str, wanted: str) -> bool:
    """Whether a dotted name leads to or through another: whatever folder imports start from."""
    return f".{wanted}." in f".{dotted}."


def dotted_name(value: Value) -> str | None:
    """Return the full dotted name of a value, None where it has none."""
    match value:
        case External(dotted=dotted):
            return dotted
        case Class() | Function():
            path = value.module.path.removesuffix(".py").removesuffix("/__init__")
            return f"{path.replace('/', '.')}.{value.definition.qualname}"
        case Package():
            return (value.folder or (value.path or "").removesuffix(".py")).replace("/", ".")
        case _:
            return None
