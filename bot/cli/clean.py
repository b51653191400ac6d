"""`awaited clean`: forgets what earlier runs have kept."""

import shutil
from pathlib import Path

import click

from bot.cli.output import print_lines
from bot.cli.project_root import find_root
from bot.cli.result_cache import FOLDER
from bot.report.text import Line


@click.command()
@click.option("--cache-dir", metavar="DIR", help="Where results are kept.")
def clean(*, cache_dir: str | None) -> None:
    """Remove the results that `awaited check` has kept of this tree."""
    here = Path.cwd()
    folder = Path(cache_dir) if cache_dir else find_root([here], here) / FOLDER
    if not folder.is_dir():
        print_lines([Line.of(f"Nothing is kept in {folder}.")])
        return
    # Only what we have written: somebody may have named a folder that holds more.
    for file in [*folder.glob("*.result"), *folder.glob("*.draft")]:
        file.unlink()
    if folder.name == FOLDER:
        shutil.rmtree(folder)
    print_lines([Line.of(f"Removed what was kept in {folder}.")])
