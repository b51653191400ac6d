"""What a person can do on the pages; each is an act with all that GitHub does as a consequence."""

from collections.abc import Callable

from aiohttp import web

from bot.sandbox.model import Account, CheckRun
from bot.sandbox.pages.conversation import has_conflicts, may_close
from bot.sandbox.pages.visit import VIEWER_COOKIE, NotHereError, Visit
from bot.sandbox.repository import Repository

# An act returns the address at which its outcome is seen.
Act = Callable[[Visit], str]


def comment(visit: Visit) -> str:
    """Write a comment; of nothing but blanks, none is made."""
    repository, pull = visit.pull()
    page = f"/{repository.full_name}/pull/{pull.number}"
    body = visit.form.get("body", "").replace("\r\n", "\n").strip()
    if not body:
        return f"{page}#comment"
    author = visit.acting(repository)
    made = visit.site.activity.comment(repository, pull.number, body, author)
    return f"{page}#issuecomment-{made.id}"


def close(visit: Visit) -> str:
    """Close the pull request, or open it again when it is closed."""
    repository, pull = visit.pull()
    viewer = visit.acting(repository)
    if not may_close(repository, pull, viewer):
        raise web.HTTPForbidden(text=f"@{viewer.login} may not close this pull request.")
    if pull.state == "open":
        visit.site.activity.close(repository, pull, viewer)
    else:
        visit.site.activity.reopen(repository, pull, viewer)
    return f"/{repository.full_name}/pull/{pull.number}"


def merge(visit: Visit) -> str:
    """Merge the pull request, checks or no checks: nothing here requires any."""
    repository, pull = visit.pull()
    viewer = _writer(visit, repository)
    if pull.state != "open" or pull.draft or has_conflicts(repository, pull):
        raise web.HTTPConflict(text="This pull request cannot be merged.")
    visit.site.activity.merge(repository, pull, viewer)
    return f"/{repository.full_name}/pull/{pull.number}"


def press(visit: Visit) -> str:
    """Press a button of a check run: whether its presser may, is for the app to decide."""
    repository, run = _run(visit)
    viewer = visit.acting(repository)
    identifier = visit.form.get("identifier", "")
    visit.site.activity.press_button(repository, run, identifier, viewer)
    return _back(visit, repository, run)


def rerun(visit: Visit) -> str:
    """Ask the app to check again; GitHub lets only those who may write do that."""
    repository, run = _run(visit)
    visit.site.activity.rerequest_run(repository, run, _writer(visit, repository))
    return _back(visit, repository, run)


def redeliver(visit: Visit) -> str:
    """Send a webhook again."""
    try:
        again = visit.site.hookshot.redeliver(visit.number("delivery"))
    except LookupError as error:
        raise NotHereError from error
    return f"/_sandbox/deliveries/{again.id}"


def become(visit: Visit) -> str:
    """Be somebody else from now on, on the page where one was."""
    login = visit.form.get("login", "")
    if login not in {one.login for one in visit.people()}:
        raise NotHereError
    back = visit.form.get("back", "/")
    # Only a path of this site: two slashes would lead to another.
    local = back.startswith("/") and not back.startswith(("//", "/\\"))
    answer = web.HTTPSeeOther(back if local else "/")
    answer.set_cookie(VIEWER_COOKIE, login, httponly=True, samesite="Strict", path="/")
    raise answer


def _writer(visit: Visit, repository: Repository) -> Account:
    viewer = visit.acting(repository)
    if not repository.allows(viewer.login, "write"):
        raise web.HTTPForbidden(text=f"@{viewer.login} may not write to this repository.")
    return viewer


def _run(visit: Visit) -> tuple[Repository, CheckRun]:
    repository = visit.repository()
    run = repository.runs.get(visit.number("run"))
    if run is None:
        raise NotHereError
    return repository, run


def _back(visit: Visit, repository: Repository, run: CheckRun) -> str:
    number = visit.form.get("number", "")
    if number.isdecimal():
        return f"/{repository.full_name}/pull/{number}/checks"
    return f"/{repository.full_name}/runs/{run.id}"
