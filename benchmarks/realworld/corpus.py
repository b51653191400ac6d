"""Source distributions on disk: downloaded once by pip, held to their hash, extracted safely.

    python -m benchmarks.realworld.corpus [NAME...]

prints where each project's tree lies. Nothing of a tree is imported or run here, except that pip
asks a source distribution for its name by its build backend.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

from benchmarks.realworld.projects import Project, read_manifest

ROOT = Path(__file__).parent.parent.parent
CACHE = ROOT / ".realworld"


class CorpusError(Exception):
    """A tree cannot be had; says what to do."""


def trees(names: Collection[str] = (), cache: Path = CACHE) -> Iterator[tuple[Project, Path]]:
    """Yield the chosen projects with the folder of each: where none is named, those with a truth.

    Raises:
        CorpusError: a name is unknown, or a project cannot be downloaded or extracted.
    """
    projects = read_manifest()
    if unknown := set(names) - {one.name for one in projects}:
        raise CorpusError(f"not in manifest.toml: {', '.join(sorted(unknown))}")
    for project in projects:
        if project.name in names or not (names or project.unjudged):
            yield project, tree_of(project, cache)


def tree_of(project: Project, cache: Path = CACHE) -> Path:
    """Return the folder that holds a project's sources; downloads and extracts it once.

    Raises:
        CorpusError: it cannot be downloaded or extracted.
    """
    # The hash is in the name, so that a changed pin is another tree.
    folder = cache / "trees" / f"{project.label}-{project.sha256[:12]}"
    if not folder.is_dir():
        archive = _downloaded(project, cache / "downloads")
        _extract(archive, folder)
    return folder


def _downloaded(project: Project, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{project.label}.tar.gz"
    if kept.is_file() and _sha256(kept) == project.sha256:
        return kept
    with tempfile.TemporaryDirectory(dir=folder) as name:
        arriving = Path(name)
        pin = arriving / "pin.txt"
        pin.write_text(f"{project.name}=={project.version} --hash=sha256:{project.sha256}\n")
        _pip_download(project, pin, arriving)
        found = [path for path in arriving.iterdir() if path.name.endswith(".tar.gz")]
        if len(found) != 1 or _sha256(found[0]) != project.sha256:
            raise CorpusError(f"{project.label}: pip left no source distribution of that hash")
        found[0].replace(kept)
    return kept


def _pip_download(project: Project, pin: Path, folder: Path) -> None:
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--no-binary", project.name, "--require-hashes"),
        *("--dest", str(folder), "--requirement", str(pin)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CorpusError(f"{project.label}: pip download failed\n{done.stderr.strip()}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _extract(archive: Path, folder: Path) -> None:
    """Extract what lies in the one folder of an archive, as data: no links out, no devices."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        try:
            with tarfile.open(archive) as opened:
                opened.extractall(name, filter="data")
        except tarfile.TarError as error:
            raise CorpusError(f"{archive}: {error}; delete it and try again") from error
        inside = list(Path(name).iterdir())
        if len(inside) != 1 or not inside[0].is_dir():
            raise CorpusError(f"{archive}: holds not one folder but {len(inside)} entries")
        try:
            inside[0].rename(folder)
        except OSError:
            # Somebody else was quicker; what lies there comes from the same archive.
            shutil.rmtree(inside[0])


def main(names: list[str]) -> int:
    """Download and extract, and print where each tree lies."""
    try:
        for project, folder in trees(names):
            print(f"{project.label}\t{folder}", flush=True)
    except CorpusError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
