"""A real Chromium for tests: found, or installed by apt; nothing is ever downloaded otherwise.

`AWAITED_NO_BROWSER=1` skips the tests that need one. Without that, a machine on which none can be
had fails them with one line that says what to install.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SWITCH = "AWAITED_NO_BROWSER"
MISSING = f"No Chromium: install one (apt-get install chromium), or set {SWITCH}=1 to go without."
APT = (
    ("apt-get", "update"),
    ("apt-get", "install", "-y", "--no-install-recommends", "chromium"),
)
DEADLINE = 15_000  # milliseconds, for each thing that a test waits for


class NoBrowserError(Exception):
    """There is no Chromium here, and none could be installed."""


@cache
def chromium() -> Path:
    """Return the system's Chromium, installed by apt where that is possible.

    Raises:
        NoBrowserError: there is none, and this is not root on a system with apt.
    """
    found = _on_path()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        found = _installed()
    if found is None:
        raise NoBrowserError(MISSING)
    return found


@asynccontextmanager
async def started() -> AsyncIterator[Browser]:
    """Start a headless Chromium with a profile of its own, and end it behind the `with`."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def opened() -> AsyncIterator[Page]:
    """Open a page for a test; nothing may fail in its console, or be fetched from elsewhere.

    Close it before the server that it reads from: the pages ask again every second.
    """
    if os.environ.get(SWITCH) == "1":
        pytest.skip(f"{SWITCH}=1")
    try:
        chromium()
    except NoBrowserError as error:
        pytest.fail(str(error), pytrace=False)
    async with started() as browser:
        page = await browser.new_page()
        page.set_default_timeout(DEADLINE)
        watch = Watch()
        watch.follow(page)
        yield page
    assert watch.complaints == [], watch.complaints


class Watch:
    """What a page should not have done: errors, breaches of its policy, requests to elsewhere."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def follow(self, page: Page) -> None:
        """Note everything that happens on a page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).hostname != "127.0.0.1":
            self.complaints.append(f"a request to {request.url}")


def _on_path() -> Path | None:
    places = (shutil.which(name) for name in NAMES)
    return next((Path(place) for place in places if place), None)


def _installed() -> Path | None:
    """Install Chromium, once, even if several processes miss it at the same time."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with (Path(tempfile.gettempdir()) / "awaited-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in APT:
            if _on_path() is None:
                subprocess.run(command, env=environment, check=False, capture_output=True)
    return _on_path()
