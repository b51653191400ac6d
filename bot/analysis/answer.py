"""Yes, no, or not to be decided from source: the three values of every fact.

Unknown is contagious only where it can matter: a no decides `all_of`, a yes decides `any_of`.
"""

from collections.abc import Iterable
from enum import Enum
from typing import NoReturn


class Answer(Enum):
    """What is known of a question. It is no truth value: compare with `is`."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @staticmethod
    def of(known: bool | None, /) -> "Answer":  # noqa: FBT001 - the one place that takes a bool
        """Return the answer that a bool stands for; None is unknown."""
        if known is None:
            return Answer.UNKNOWN
        return Answer.YES if known else Answer.NO

    @staticmethod
    def all_of(answers: Iterable["Answer"]) -> "Answer":
        """Return whether everything holds; a no decides, and no later answer is asked for."""
        return Answer.any_of(answer.negated for answer in answers).negated

    @staticmethod
    def any_of(answers: Iterable["Answer"]) -> "Answer":
        """Return whether anything holds; a yes decides, and no later answer is asked for."""
        result = Answer.NO
        for answer in answers:
            if answer is Answer.YES:
                return answer
            if answer is Answer.UNKNOWN:
                result = answer
        return result

    @property
    def negated(self) -> "Answer":
        """The answer to the opposite question."""
        if self is Answer.UNKNOWN:
            return self
        return Answer.NO if self is Answer.YES else Answer.YES

    def __bool__(self) -> NoReturn:
        """Refuse: `if answer` would take a no, or an unknown, for a yes."""
        raise TypeError("an answer has three values: compare it with `is`")
