"""Every example of GitHub's payloads gets an answer, from the real bot."""

import hashlib
import hmac
import uuid
from collections import Counter
from pathlib import Path

import aiohttp
import msgspec

from bot.sandbox.github import GitHub
from tests.stage import Stage
from tests.web.example_payloads import COUNT, events


async def test_no_example_of_a_payload_makes_the_bot_fail(github: GitHub, tmp_path: Path) -> None:
    stage = Stage.build(github, tmp_path)
    answers = Counter[tuple[int, str]]()

    async with stage.bot() as bot, aiohttp.ClientSession(bot.url) as session:
        for event in events():
            for example in event.examples:
                body = msgspec.json.encode(example)
                headers = _headers(body, event.name, stage.app.webhook_secret)
                async with session.post("/webhook", data=body, headers=headers) as answer:
                    outcome = await answer.json()
                    answers[answer.status, str(outcome.get("status", outcome))] += 1
        await bot.engine.settled(60)

    assert answers.total() == COUNT
    assert {status for status, _ in answers} <= {200, 202}, answers
    assert answers[200, "pong"] == 4
    assert answers[202, "new"] == 15


def _headers(body: bytes, event: str, secret: str) -> dict[str, str]:
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-GitHub-Delivery": str(uuid.uuid4()),
        "X-GitHub-Event": event,
        "X-Hub-Signature-256": f"sha256={signature}",
    }
