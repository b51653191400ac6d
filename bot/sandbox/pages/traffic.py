"""What goes between this GitHub and its apps: webhooks one way, requests the other."""

import json
from dataclasses import dataclass

from markupsafe import Markup

from bot.sandbox.deliveries import NO_ANSWER, Delivery
from bot.sandbox.pages import highlight
from bot.sandbox.pages.visit import NotHereError, Page, Visit

SHOWN = 300
SUCCESS = range(200, 300)
CLIENT_ERROR = 400


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A delivery as the list shows it; `tone` is empty while nobody answered yet."""

    delivery: Delivery
    name: str
    tone: str
    icon: str
    words: str


def show_deliveries(visit: Visit) -> Page:
    """Show the webhooks that were sent, the newest first."""
    deliveries = visit.site.hookshot.deliveries
    lines = [_line(one) for one in deliveries[-SHOWN:][::-1]]
    values = {"deliveries": lines, "total": len(deliveries)}
    return Page("deliveries.html", "Webhook deliveries", values, tab="deliveries")


def show_delivery(visit: Visit) -> Page:
    """Show one webhook: what was sent, and what came back."""
    try:
        delivery = visit.site.hookshot.find(visit.number("delivery"))
    except LookupError as error:
        raise NotHereError from error
    values = {
        "line": _line(delivery),
        "payload": highlight.block("json", json.dumps(delivery.payload, indent=2)),
        "response": delivery.response_body,
    }
    return Page("delivery.html", _name(delivery), values, tab="deliveries")


def show_requests(visit: Visit) -> Page:
    """Show the requests of apps, the faults that were ordered, and what the referee says."""
    site = visit.site
    values = {
        "requests": visit.exchanges[-SHOWN:][::-1],
        "total": len(visit.exchanges),
        "failed": CLIENT_ERROR,
        "happened": site.faults.happened,
        "waiting": site.faults.waiting,
        "exchanges": site.referee.exchanges,
        "violations": site.referee.violations,
    }
    return Page("requests.html", "Requests", values, tab="requests")


def _name(delivery: Delivery) -> str:
    return f"{delivery.event}.{delivery.action}" if delivery.action else delivery.event


def _line(delivery: Delivery) -> DeliveryLine:
    name = _name(delivery)
    if delivery.status_code in SUCCESS:
        return DeliveryLine(delivery, name, "success", "check", str(delivery.status_code))
    if delivery.status_code == NO_ANSWER and delivery.status == "pending":
        return DeliveryLine(delivery, name, "attention", "dot", "pending")
    words = str(delivery.status_code or delivery.status)
    return DeliveryLine(delivery, name, "danger", "alert", words)


def headers(given: dict[str, str]) -> Markup:
    """Return headers as lines of text."""
    return Markup("\n").join(
        Markup("<b>{}:</b> {}").format(name, value) for name, value in given.items()
    )
