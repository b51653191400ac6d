"""What a person does with the demo: looks at the check, presses the button, comments."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.cli.demo.stage import Stage
from tests.browser import opened

SECONDS = 30_000


@pytest.mark.parametrize("way", ["button", "comment"])
async def test_a_person_has_the_safe_fixes_made(tmp_path: Path, way: str) -> None:
    async with Stage.open(tmp_path) as stage:
        await stage.propose()
        await stage.settled()
        before = stage.head
        async with opened() as page:
            await page.goto(f"{stage.page}/checks")
            await expect(page.get_by_text("AWT103 unhandled-async-test").first).to_be_visible()
            if way == "button":
                await page.get_by_role("button", name="Fix it").click()
            else:
                await page.goto(stage.page)
                await page.get_by_role("textbox").fill("/fix-async")
                await page.get_by_role("button", name="Comment", exact=True).click()
            await stage.settled()
            await page.goto(stage.page)
            await expect(page.get_by_text("Fixed 2 problems").first).to_be_visible(timeout=SECONDS)
        await stage.settled()

    assert stage.head != before


async def test_the_files_carry_their_annotations(tmp_path: Path) -> None:
    async with Stage.open(tmp_path) as stage:
        await stage.propose()
        await stage.settled()
        async with opened() as page:
            await page.goto(f"{stage.page}/files")
            for code in ("AWT101", "AWT102", "AWT103", "AWT301", "AWT405"):
                await expect(page.get_by_text(code).first).to_be_visible()
