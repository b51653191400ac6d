"""What a person wrote, below the wrappers around it.

It travels with the pytest plugins that judge foreign projects, into environments that have
nothing of ours; so it needs the standard library alone.
"""

import functools
import inspect
from types import CodeType, FunctionType

# Wrappers may name each other in a ring.
_DEEPEST = 20
# What the code of a coroutine function or of an async generator function is flagged with.
ASYNC = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


def written_function(function: object) -> FunctionType | None:
    """Return the function below wrappers that name what they wrap, None below others."""
    for _ in range(_DEEPEST):
        if isinstance(function, functools.partial):
            function = function.func
        elif hasattr(function, "__func__"):
            function = function.__func__
        elif hasattr(function, "hypothesis"):
            function = function.hypothesis.inner_test
        elif hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        else:
            break
    return function if isinstance(function, FunctionType) else None


def is_async_code(code: CodeType) -> bool:
    """Whether code is that of a coroutine or async generator function."""
    return bool(code.co_flags & ASYNC)
