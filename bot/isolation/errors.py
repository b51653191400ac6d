"""How an isolated analysis can fail: these words may be shown to users.

What is not too large is our own failure, and never a verdict on what was analysed.
"""


class AnalysisFailed(Exception):
    """No verdict, and no single file to blame.

    Attributes:
        reason: what happened, as the end of a sentence; holds nothing of the checked repository.
        detail: a traceback or the like, for the log only.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class AnalysisTooLarge(AnalysisFailed):
    """A limit ended it: whoever wrote what was analysed can make it smaller."""


class ServerLost(Exception):
    """The process that forks is gone; another one can be started."""
