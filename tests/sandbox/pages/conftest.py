"""Fixtures of the pages' tests: a pull request to look at, and a browser to look with."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page

from tests.browser import opened
from tests.sandbox.pages.scene import PATH, TESTS, Scene
from tests.sandbox.shop import Shop


@pytest.fixture
async def scene(shop: Shop) -> Scene:
    bob = shop.github.create_user("bob")
    shop.repository.permissions[bob.login] = "read"
    await shop.github.push(
        shop.repository, "feature", {PATH: TESTS}, shop.alice, message="Add a test\n\nOf totals."
    )
    pull = await shop.github.open_pull_request(
        shop.repository,
        head="feature",
        user=shop.alice,
        title="Test totals",
        body="Adds **tests**.",
    )
    return Scene(shop, pull, await shop.installed())


@pytest.fixture
async def page(scene: Scene) -> AsyncIterator[Page]:
    """A page that is closed before the GitHub that it asks."""
    del scene
    async with opened() as page:
        yield page
