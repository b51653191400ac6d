import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from benchmarks.realworld.corpus import CorpusError, tree_of, trees
from benchmarks.realworld.projects import Project, read_manifest


def a_release(cache: Path, *members: tarfile.TarInfo) -> Project:
    """Put an archive where pip would have left it."""
    archive = cache / "downloads" / "shop-1.0.tar.gz"
    archive.parent.mkdir(parents=True)
    with tarfile.open(archive, "w:gz") as opened:
        for member in members:
            opened.addfile(member, io.BytesIO(b"x" * member.size))
    return Project("shop", "1.0", hashlib.sha256(archive.read_bytes()).hexdigest(), "")


def a_file(name: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = 3
    return member


def test_a_release_is_extracted_without_the_folder_around_it(tmp_path: Path) -> None:
    release = a_release(tmp_path, a_file("shop-1.0/tests/test_till.py"))

    tree = tree_of(release, tmp_path)

    assert (tree / "tests" / "test_till.py").read_text() == "xxx"


def test_a_tree_that_is_there_is_not_extracted_again(tmp_path: Path) -> None:
    release = a_release(tmp_path, a_file("shop-1.0/setup.py"))
    tree = tree_of(release, tmp_path)
    (tmp_path / "downloads" / "shop-1.0.tar.gz").unlink()

    assert tree_of(release, tmp_path) == tree


def test_a_link_that_leads_out_of_the_tree_is_refused(tmp_path: Path) -> None:
    link = tarfile.TarInfo("shop-1.0/passwords")
    link.type = tarfile.SYMTYPE
    link.linkname = "../../../../etc/passwd"
    release = a_release(tmp_path, link)

    with pytest.raises(CorpusError, match="passwords"):
        tree_of(release, tmp_path)

    assert not list((tmp_path / "trees").iterdir())


def test_an_archive_of_several_folders_is_refused(tmp_path: Path) -> None:
    release = a_release(tmp_path, a_file("shop-1.0/setup.py"), a_file("till-1.0/setup.py"))

    with pytest.raises(CorpusError, match="not one folder but 2 entries"):
        tree_of(release, tmp_path)


def test_a_project_that_is_not_in_the_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no-such-project"):
        next(trees(["no-such-project"], tmp_path))


def test_the_manifest_pins_each_project_once_and_by_hash() -> None:
    projects = read_manifest()

    assert len({one.name for one in projects}) == len(projects)
    assert all(len(one.sha256) == len("0123456789abcdef") * 4 for one in projects)
    assert all(one.style for one in projects)
