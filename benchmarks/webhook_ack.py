"""How fast deliveries are acknowledged, and how soon their jobs begin.

The real bot on loopback, with its embedded database, gets signed `pull_request.opened`
deliveries one by one. The GitHub behind it knows no repository, so that each job ends after its
first questions; when the first of them arrives there, the job has begun.

    python benchmarks/webhook_ack.py [--deliveries 200] [--per-second 20] [--json]
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import logging
import re
import statistics
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import aiohttp
import structlog
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.app import Bot
from bot.settings import Settings

SECRET = "secret"  # noqa: S105 - of a bot on loopback
WARM_UP = 5
REPOSITORY = "octo-org/shop-"


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Of a duration, in milliseconds."""

    p50: float
    p95: float
    p99: float
    max: float

    @classmethod
    def of(cls, seconds: list[float]) -> "Quantiles":
        """Sum up."""
        cuts = statistics.quantiles(seconds, n=100, method="inclusive")
        picked = (cuts[49], cuts[94], cuts[98], max(seconds))
        return cls(*(round(value * 1000, 1) for value in picked))


class Nowhere:
    """A GitHub that mints tokens and knows nothing else; it notes when it was first asked."""

    def __init__(self) -> None:
        self.asked_at: dict[str, float] = {}

    async def answer(self, request: web.Request) -> web.Response:
        """Answer anything."""
        if request.path.endswith("/access_tokens"):
            found = re.search(rb"shop-\d+", await request.read())
            assert found is not None
            self.asked_at.setdefault(found[0].decode(), time.perf_counter())
            return web.json_response(
                {"token": f"ghs_{uuid.uuid4().hex}", "expires_at": "2099-01-01T00:00:00Z"},
                status=201,
            )
        return web.json_response({"message": "Not Found"}, status=404)


@asynccontextmanager
async def listening(github: Nowhere) -> AsyncIterator[str]:
    """Serve it on loopback and yield its address."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", github.answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def deliver(session: aiohttp.ClientSession, number: int) -> float:
    """Post one delivery and return the seconds until its answer."""
    body = json.dumps(payload(number)).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Delivery": str(uuid.uuid4()),
        "X-GitHub-Event": "pull_request",
        "X-Hub-Signature-256": f"sha256={signature}",
    }
    began = time.perf_counter()
    async with session.post("/webhook", data=body, headers=headers) as answer:
        outcome = await answer.json()
    assert outcome == {"status": "new"}, outcome
    return time.perf_counter() - began


def payload(number: int) -> dict[str, Any]:
    """Return a delivery of about the size that GitHub's have."""
    return {
        "action": "opened",
        "number": number,
        "installation": {"id": 1 + number % 7},
        "repository": {"id": number, "full_name": f"{REPOSITORY}{number}"},
        "pull_request": {
            "number": number,
            "head": {"sha": f"{number:040x}"},
            "body": "x" * 20_000,
        },
        "sender": {"id": 1, "login": "mona", "type": "User"},
    }


async def measure(deliveries: int, per_second: float) -> dict[str, Any]:
    """Deliver at a steady pace, and return what was measured."""
    github = Nowhere()
    acks: list[float] = []
    starts: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        async with listening(github) as api_url:
            bot = await Bot.start(settings(Path(folder), api_url))
            async with bot, aiohttp.ClientSession(bot.url) as session:
                for number in range(1, deliveries + WARM_UP + 1):
                    sent = time.perf_counter()
                    acks.append(await deliver(session, number))
                    starts.append(sent)
                    await asyncio.sleep(max(0.0, 1 / per_second - acks[-1]))
                await bot.engine.settled(60)
    begun = [github.asked_at[f"shop-{n}"] - sent for n, sent in enumerate(starts, 1)]
    return {
        "deliveries": deliveries,
        "per_second": per_second,
        "ack_ms": asdict(Quantiles.of(acks[WARM_UP:])),
        "job_start_ms": asdict(Quantiles.of(begun[WARM_UP:])),
    }


def settings(folder: Path, api_url: str) -> Settings:
    """Return what the bot needs, with a key that is used nowhere else."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return Settings(
        app_id="1",
        private_key=pem.decode(),
        webhook_secret=SECRET,
        database_url=f"sqlite:///{folder / 'bot.sqlite'}",
        github_api_url=api_url,
    )


def table(result: dict[str, Any]) -> str:
    """Return the result for people."""
    columns = ("p50", "p95", "p99", "max")
    head = f"{'milliseconds':28}" + "".join(f"{name:>9}" for name in columns)
    rows = {"webhook to answer": "ack_ms", "webhook to start of its job": "job_start_ms"}
    lines = [
        f"{title:28}" + "".join(f"{result[key][name]:9.1f}" for name in columns)
        for title, key in rows.items()
    ]
    return "\n".join([head, *lines])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=200)
    parser.add_argument("--per-second", type=float, default=20.0)
    parser.add_argument("--json", action="store_true", help="print nothing but JSON")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    result = asyncio.run(measure(options.deliveries, options.per_second))
    if not options.json:
        print(table(result))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
