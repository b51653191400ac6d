"""How an isolated analysis can fail: these words may be shown to users."""


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


class ServerLost(Exception):
    """The process that forks is gone; another one can be started."""
