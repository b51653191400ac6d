"""Times as people read them; a script on the page turns them into "2 minutes ago"."""

from datetime import UTC, datetime

from markupsafe import Markup

MINUTE = 60
HOUR = 3600


def moment(text: str) -> datetime:
    """Return the moment that a time in ISO 8601 names."""
    return datetime.fromisoformat(text).astimezone(UTC)


def when(text: str) -> Markup:
    """Return an element that shows a time, to the minute and in UTC."""
    shown = moment(text).strftime("%b %-d, %Y, %H:%M UTC")
    return Markup('<time datetime="{0}" title="{1}">{1}</time>').format(text, shown)


def day(text: str) -> str:
    """Return the day of a time."""
    return moment(text).strftime("%b %-d, %Y")


def lasted(start: str, end: str) -> str:
    """Return how long it was from one time to another, in whole seconds."""
    seconds = max(0, round((moment(end) - moment(start)).total_seconds()))
    if seconds < MINUTE:
        return f"{seconds}s"
    if seconds < HOUR:
        return f"{seconds // MINUTE}m {seconds % MINUTE}s"
    return f"{seconds // HOUR}h {seconds % HOUR // MINUTE}m"
