"""Measures `awaited check` cold and warm, and its peers, on the same files in one run.

    python -m benchmarks.analysis [--times N] [--only NAME ...] [--projects NAME ...] [--json]

The files are the tests of the projects in `benchmarks/realworld/manifest.toml`, as `awaited`
collects them; what they import is there too, and only `awaited` reads it. The peers are pinned
in `peers.txt`, and installed in an environment of their own.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.analysis.measure import MEGABYTE, Measured, fastest, measured
from benchmarks.realworld.corpus import CACHE, trees
from bot.cli.examination import examine
from bot.cli.local_tree import LocalTree
from bot.cli.wishes import Wishes

HERE = Path(__file__).parent
PEERS = HERE / "peers.txt"
ENVIRONMENT = CACHE / "peers"
CORPUS = CACHE / "concatenated"
AWAITED = Path(sys.executable).parent / "awaited"
PYTHON = Path(sys.executable)
_SMALL = "import pytest\n\n\n@pytest.mark.asyncio\nasync def test_total():\n    assert True\n"
NO_CACHE_THEN_COLD_THEN_WARM: tuple[tuple[str, ...], ...] = (("--no-cache",), (), ())
_STARTS = 5
# Its checks of coroutines.
_PYLINT = "not-async-context-manager,await-outside-async,yield-inside-async-function"
_FOUND = 1


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=1, help="runs of each, of which the best")
    parser.add_argument("--only", nargs="*", help="these alone")
    parser.add_argument("--projects", nargs="*", default=(), help="of these alone")
    parser.add_argument("--json", action="store_true")
    wishes = parser.parse_args()
    concatenate(wishes.projects)
    files = checked_files()
    commands = {
        name: command
        for name, command in {**ours(), **peers(files)}.items()
        if not wishes.only or name in wishes.only
    }
    results = {name: run(name, command, wishes.times) for name, command in commands.items()}
    size = sum(file.stat().st_size for file in files)
    if wishes.json:
        rows = {name: asdict(one) for name, one in {**results, **starts()}.items()}
        print(json.dumps({"files": len(files), "bytes": size, "results": rows}, indent=2))
    else:
        print("\n".join(table(results, len(files), size)))
        print("\n".join(starts_table(starts())))
    return 0


def concatenate(names: Sequence[str]) -> None:
    """Lay the trees of all projects beside each other."""
    shutil.rmtree(CORPUS, ignore_errors=True)
    CORPUS.mkdir(parents=True)
    # The root of a tree of its own, whatever lies above.
    (CORPUS / ".git").mkdir()
    for project, folder in trees(names):
        shutil.copytree(folder, CORPUS / project.label, symlinks=True)


def checked_files() -> list[Path]:
    """Return the files that `awaited` checks, and hold the cache against no cache."""
    command = (AWAITED, "check", "--json", ".")
    shutil.rmtree(CORPUS / ".awaited_cache", ignore_errors=True)
    plain, cold, warm = (
        subprocess.run([*command, *option], cwd=CORPUS, capture_output=True, check=False).stdout
        for option in NO_CACHE_THEN_COLD_THEN_WARM
    )
    if not plain == cold == warm:
        raise SystemExit("the verdicts with and without the cache differ")
    tree = LocalTree.of([str(CORPUS)], CORPUS)
    report = examine(tree, Wishes()).report
    print(f"{len(report.findings)} findings, {len(report.errors)} errors", file=sys.stderr)
    return [Path(path).resolve() for path in report.checked]


def ours() -> dict[str, Sequence[str | Path]]:
    """Return our own commands; a cold one starts without anything that was kept."""
    return {
        "awaited, cold": [AWAITED, "check", "."],
        "awaited, no cache": [AWAITED, "check", "--no-cache", "."],
        "awaited, warm": [AWAITED, "check", "."],
    }


def peers(files: Sequence[Path]) -> dict[str, Sequence[str | Path]]:
    """Return the commands of the peers, on the same files."""
    bin_folder = installed_peers() / "bin"
    listing = CACHE / "files.txt"
    listing.write_text("".join(f"{file}\n" for file in files), encoding="utf-8")
    jobs = str(os.cpu_count() or 1)
    return {
        "naive": [PYTHON, HERE / "naive.py", listing],
        "ruff PT,ASYNC,RUF006": [
            bin_folder / "ruff",
            *["check", "--isolated", "--no-cache", "--select", "PT,ASYNC,RUF006"],
            *files,
        ],
        "flake8 + flake8-async": [
            bin_folder / "flake8",
            *f"--isolated --select ASYNC -j {jobs}".split(),
            *files,
        ],
        "pylint": [
            bin_folder / "pylint",
            *f"--rcfile {os.devnull} --disable all --enable {_PYLINT} -j {jobs}".split(),
            *files,
        ],
        "fixit": [bin_folder / "fixit", "--quiet", "lint", *files],
    }


def installed_peers() -> Path:
    """Return the environment of the peers; made once for the same pins."""
    mark = ENVIRONMENT / "pins"
    if not mark.is_file() or mark.read_bytes() != PEERS.read_bytes():
        subprocess.run([PYTHON, "-m", "venv", "--clear", ENVIRONMENT], check=True)
        options = ["-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r"]
        subprocess.run([ENVIRONMENT / "bin" / "python", *options, PEERS], check=True)
        mark.write_bytes(PEERS.read_bytes())
    return ENVIRONMENT


def run(name: str, command: Sequence[str | Path], times: int) -> Measured:
    """Run one of them."""
    print(name, file=sys.stderr, flush=True)
    if name == "awaited, warm":
        measured(command, CORPUS)
    elif name == "awaited, cold":
        shutil.rmtree(CORPUS / ".awaited_cache", ignore_errors=True)
        return measured(command, CORPUS)
    return fastest(command, CORPUS, times)


def starts() -> Mapping[str, Measured]:
    """Measure what every run takes before it looks at anything."""
    folder = CACHE / "small"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / ".git").mkdir()
    (folder / "test_small.py").write_text(_SMALL, encoding="utf-8")
    commands: Mapping[str, Sequence[str | Path]] = {
        "interpreter": [PYTHON, "-c", ""],
        "import of the command": [PYTHON, "-c", "import bot.cli.check"],
        "import of the rules": [PYTHON, "-c", "import bot.rules"],
        "awaited --version": [AWAITED, "--version"],
        "one small file": [AWAITED, "check", "--no-cache", "test_small.py"],
        "one small file, warm": [AWAITED, "check", "test_small.py"],
    }
    return {name: fastest(command, folder, _STARTS) for name, command in commands.items()}


def table(results: Mapping[str, Measured], count: int, size: int) -> Iterator[str]:
    """Yield the lines of the table."""
    reference = next((one for name, one in results.items() if name == "awaited, cold"), None)
    yield f"{count} files, {size / MEGABYTE:.1f} MB, {os.cpu_count()} processors"
    yield ""
    yield "| | seconds | MB/s | processor seconds | peak MB | times awaited, cold |"
    yield "|---|---|---|---|---|---|"
    for name, one in results.items():
        ratio = f"{one.seconds / reference.seconds:.2f}" if reference else ""
        failed = "" if one.exit_code in {0, _FOUND} else f" (exit code {one.exit_code})"
        yield (
            f"| {name}{failed} | {one.seconds:.2f} | {size / MEGABYTE / one.seconds:.2f} "
            f"| {one.cpu_seconds:.2f} | {one.peak_bytes / MEGABYTE:.0f} | {ratio} |"
        )


def starts_table(results: Mapping[str, Measured]) -> Iterator[str]:
    """Yield the lines of the table of starts."""
    yield ""
    yield f"| quickest of {_STARTS} | seconds | processor seconds |"
    yield "|---|---|---|"
    for name, one in results.items():
        yield f"| {name} | {one.seconds:.3f} | {one.cpu_seconds:.3f} |"


if __name__ == "__main__":
    sys.exit(main())
