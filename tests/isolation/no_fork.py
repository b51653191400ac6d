"""An analysis whose forkserver is one process too many for the system."""

import errno
import os
from typing import NoReturn

from bot.analysis.request import Asking, Report, Request


def analyse(request: Request) -> Asking[Report]:
    yield from ()
    return Report(request.paths, ())


def _refuse() -> NoReturn:
    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))


os.fork = _refuse
