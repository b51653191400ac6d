"""Take a picture of a page of the local GitHub: `python -m scripts.picture URL FILE.png`.

The README's picture of the check run is made this way from the page of a running demo.
"""

import argparse
import asyncio
from pathlib import Path

from tests.browser import started


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("file", type=Path)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument("--scale", type=float, default=1.0, help="pixels per CSS pixel")
    parser.add_argument("--part", help="a CSS selector: only that element is in the picture")
    parser.add_argument("--whole", action="store_true", help="the page down to its end")
    parser.add_argument("--dark", action="store_true", help="as on a dark screen")
    return parser.parse_args()


async def _take(wanted: argparse.Namespace) -> None:
    async with started() as browser:
        page = await browser.new_page(
            viewport={"width": wanted.width, "height": wanted.height},
            device_scale_factor=wanted.scale,
            color_scheme="dark" if wanted.dark else "light",
        )
        await page.goto(wanted.url)
        if wanted.part:
            await page.locator(wanted.part).first.screenshot(path=wanted.file)
        else:
            await page.screenshot(path=wanted.file, full_page=wanted.whole)


if __name__ == "__main__":
    asyncio.run(_take(_arguments()))
