"""Webhooks on their way: signed, sent once, recorded, and sent again only when asked to.

As on GitHub: 10 seconds to answer, nothing above 25 MB is sent, no order is promised, and a
delivery that failed is never repeated by itself. A redelivery carries the GUID of the original.
"""

import asyncio
import hmac
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp

from bot.sandbox.faults import Faults
from bot.sandbox.model import App, Json
from bot.sandbox.referee import Referee

TIMEOUT_SECONDS = 10.0
MAX_BYTES = 25 * 1024 * 1024
NO_ANSWER = 0


@dataclass(slots=True)
class Delivery:
    """One attempt to deliver an event; `status_code` is 0 while or when nobody answered."""

    id: int
    guid: str
    app: App
    url: str
    event: str
    payload: Json
    delivered_at: str
    redelivery: bool = False
    status_code: int = NO_ANSWER
    status: str = "pending"
    duration: float = 0.0
    request_headers: dict[str, str] = field(default_factory=dict[str, str])
    response_headers: dict[str, str] = field(default_factory=dict[str, str])
    response_body: str = ""

    @property
    def action(self) -> str | None:
        """The payload's action; some events have none."""
        return self.payload.get("action")

    @property
    def name(self) -> str:
        """`event.action`, or the event's name alone where it has no action."""
        return f"{self.event}.{self.action}" if self.action else self.event

    @property
    def installation_id(self) -> int | None:
        """The installation that the event belongs to."""
        installation: Json | None = self.payload.get("installation")
        return installation["id"] if installation else None

    @property
    def repository_id(self) -> int | None:
        """The repository that the event belongs to, if it belongs to one."""
        repository: Json | None = self.payload.get("repository")
        return repository["id"] if repository else None


class Hookshot:
    """Sends deliveries from tasks of its own, so that no request ever waits for a webhook."""

    def __init__(
        self,
        referee: Referee,
        faults: Faults,
        next_id: Callable[[], int],
        now: Callable[[], str],
    ) -> None:
        self.deliveries: list[Delivery] = []
        self._referee = referee
        self._faults = faults
        self._next_id = next_id
        self._now = now
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Give up what is under way and close the connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def settled(self) -> None:
        """Wait until every delivery that was started has an outcome."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def send(self, app: App, event: str, payload: Json) -> None:
        """Start delivering an event to an app's webhook, if it has one."""
        self._referee.webhook(event, payload)
        if app.hook_url is not None:
            self._start(app, app.hook_url, event, payload, str(uuid.uuid4()))

    def redeliver(self, delivery_id: int) -> Delivery:
        """Start delivering the same payload again under the same GUID.

        Raises:
            LookupError: no delivery has that id, or the app has no webhook any more.
        """
        original = self.find(delivery_id)
        if original.app.hook_url is None:
            raise LookupError(f"{original.app.slug} has no webhook")
        return self._start(
            original.app,
            original.app.hook_url,
            original.event,
            original.payload,
            original.guid,
            redelivery=True,
        )

    def find(self, delivery_id: int) -> Delivery:
        """Return the delivery with that id.

        Raises:
            LookupError: there is none.
        """
        for delivery in self.deliveries:
            if delivery.id == delivery_id:
                return delivery
        raise LookupError(f"no delivery {delivery_id}")

    def _start(
        self, app: App, url: str, event: str, payload: Json, guid: str, *, redelivery: bool = False
    ) -> Delivery:
        delivery = Delivery(
            self._next_id(), guid, app, url, event, payload, self._now(), redelivery=redelivery
        )
        body = json.dumps(payload).encode()
        if len(body) > MAX_BYTES:
            delivery.status = "payload too large, not sent"
            return delivery
        delivery.request_headers = headers(delivery, body)
        self.deliveries.append(delivery)
        task = asyncio.get_running_loop().create_task(self._deliver(delivery, body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return delivery

    async def _deliver(self, delivery: Delivery, body: bytes) -> None:
        fault = self._faults.take([f"WEBHOOK {delivery.name}"])
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        started = time.monotonic()
        if fault is not None and fault.kind == "drop":
            delivery.status = "failed to connect to host"
        else:
            await self._post(delivery, body)
        delivery.duration = round(time.monotonic() - started, 3)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    async def _post(self, delivery: Delivery, body: bytes) -> None:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        try:
            async with self._client().post(
                delivery.url, data=body, headers=delivery.request_headers, timeout=timeout
            ) as response:
                delivery.status_code = response.status
                delivery.response_headers = dict(response.headers)
                delivery.response_body = await response.text(errors="replace")
        except TimeoutError:
            delivery.status = "timed out"
        except aiohttp.ClientError:
            delivery.status = "failed to connect to host"
        else:
            ok = response.ok and response.status < 300  # noqa: PLR2004 - only 2xx counts
            delivery.status = "OK" if ok else f"Invalid HTTP Response: {response.status}"


def headers(delivery: Delivery, body: bytes) -> dict[str, str]:
    """Return the headers of a delivery, both signatures among them."""
    secret = delivery.app.webhook_secret.encode()
    return {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/sandbox",
        "X-GitHub-Delivery": delivery.guid,
        "X-GitHub-Event": delivery.event,
        "X-GitHub-Hook-ID": str(delivery.app.id),
        "X-GitHub-Hook-Installation-Target-ID": str(delivery.app.id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-Hub-Signature": f"sha1={hmac.new(secret, body, 'sha1').hexdigest()}",
        "X-Hub-Signature-256": f"sha256={hmac.new(secret, body, 'sha256').hexdigest()}",
    }
