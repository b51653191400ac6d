"""Configuration as files: what is in the tree, and each text parsed once.

Paths are relative to the repository's root, with forward slashes; the root itself is "".
Nothing above the root is ever looked at.
"""

import posixpath
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import cast

import iniconfig

Table = Mapping[str, object]
Sections = Mapping[str, Mapping[str, str]]


ROOT = "/\N{HOUSE}"
"""How the repository's own folder is written where a script names it by its absolute path."""


class UnusableFile(Exception):
    """A file cannot be parsed; the message is what its reader would say."""


def parent(path: str) -> str:
    """Return the folder of a path; the root's is the root."""
    return path.rpartition("/")[0]


def lineage(folder: str) -> Iterator[str]:
    """Yield a folder and those above it, the nearest first, the root last."""
    yield folder
    while folder:
        folder = parent(folder)
        yield folder


def join(folder: str, path: str) -> str | None:
    """Return `path` as seen from `folder`; None where it leaves the repository."""
    if path == ROOT or path.startswith(ROOT + "/"):
        folder, path = "", path[len(ROOT) :].lstrip("/")
    if path.startswith(("/", "~")):
        return None
    joined = posixpath.normpath(posixpath.join(folder, path))
    if joined == ".." or joined.startswith("../"):
        return None
    return "" if joined == "." else joined


def is_within(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or lies below it."""
    return not folder or path == folder or path.startswith(folder + "/")


def as_table(value: object) -> Table:
    """Return a parsed table, or an empty one where something else stands."""
    return cast("Table", value) if isinstance(value, dict) else {}


def table_at(document: Table, *keys: str) -> Table:
    """Return the table under dotted keys, empty where it is missing."""
    for key in keys:
        document = as_table(document.get(key))
    return document


def as_list(value: object) -> Sequence[object]:
    """Return a parsed list, or an empty one where something else stands."""
    return cast("list[object]", value) if isinstance(value, list) else ()


def strings(value: object) -> tuple[str, ...]:
    """Return the strings of a parsed list, or the one string that stands for a list."""
    if isinstance(value, str):
        return (value,)
    return tuple(item for item in as_list(value) if isinstance(item, str))


class ConfigFiles:
    """The texts that were fetched and the paths of the whole tree.

    Args:
        files: text by path; None or absent means not there (or not readable).
        paths: every file of the tree.
    """

    def __init__(self, files: Mapping[str, str | None], paths: Collection[str]) -> None:
        self._texts = {path: text for path, text in files.items() if text is not None}
        self._paths = frozenset(paths)
        self._toml: dict[str, Table | UnusableFile] = {}
        self._ini: dict[str, Sections | UnusableFile] = {}
        self._mentioned: dict[str, bool] = {}

    @property
    def texts(self) -> Mapping[str, str]:
        """What was fetched and is there."""
        return self._texts

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a file, at any depth; the root is among them."""
        found = {""}
        for path in self._paths:
            folder = parent(path)
            while folder not in found:
                found.add(folder)
                folder = parent(folder)
        return frozenset(found)

    def mention(self, pattern: str) -> bool:
        """Whether a regular expression is found in any text."""
        if pattern not in self._mentioned:
            found = re.compile(pattern).search
            self._mentioned[pattern] = any(found(text) for text in self._texts.values())
        return self._mentioned[pattern]

    def is_file(self, path: str) -> bool:
        """Whether the tree holds the file."""
        return path in self._paths

    def is_folder(self, path: str) -> bool:
        """Whether the tree holds a file below `path`."""
        return path in self.folders

    def exists(self, path: str) -> bool:
        """Whether the path is a file or a folder of the tree."""
        return path in self._paths or path in self.folders

    def text(self, path: str) -> str | None:
        """Return the file's text, None where it is not there or was not readable."""
        return self._texts.get(path)

    def toml(self, path: str) -> Table:
        """Return the parsed document, empty where there is no file.

        Raises:
            UnusableFile: it is not TOML.
        """
        if path not in self._toml:
            self._toml[path] = _parse_toml(path, self._texts.get(path) or "")
        parsed = self._toml[path]
        if isinstance(parsed, UnusableFile):
            raise parsed
        return parsed

    def ini(self, path: str) -> Sections:
        """Return the parsed sections as pytest's own reader (iniconfig) sees them.

        Raises:
            UnusableFile: it is not an ini file.
        """
        if path not in self._ini:
            self._ini[path] = _parse_ini(path, self._texts.get(path) or "")
        parsed = self._ini[path]
        if isinstance(parsed, UnusableFile):
            raise parsed
        return parsed

    def usable_toml(self, path: str) -> Table:
        """Return the parsed document, empty where there is none that can be read."""
        try:
            return self.toml(path)
        except UnusableFile:
            return {}

    def usable_ini(self, path: str) -> Sections:
        """Return the parsed sections, none where they cannot be read."""
        try:
            return self.ini(path)
        except UnusableFile:
            return {}

    def matching(self, pattern: str) -> Iterator[str]:
        """Yield the files and folders that a glob of `glob.iglob(recursive=True)` finds."""
        if not re.search(r"[*?\[]", pattern):
            if self.exists(pattern):
                yield pattern
            return
        matches = _glob(pattern).fullmatch
        folders = {path + "/" for path in self.folders if path}
        found = (path for path in {*self._paths, *folders} if matches(path))
        yield from sorted(path.rstrip("/") for path in found)


def _parse_toml(path: str, text: str) -> Table | UnusableFile:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return UnusableFile(f"{path}: {error}")


def _parse_ini(path: str, text: str) -> Sections | UnusableFile:
    try:
        return iniconfig.IniConfig(path, data=text).sections
    except iniconfig.ParseError as error:
        return UnusableFile(str(error))


FOLDERS = r"(?:(?!\.)[^/]+/)*"
ANYTHING = FOLDERS + r"(?:(?!\.)[^/]+)?"
WILDCARD = re.compile(r"\*+|\?|\[!?\]?[^\]]*\]")


def _glob(pattern: str) -> re.Pattern[str]:
    """Match files, and folders with a slash behind them; no wildcard takes a leading dot."""
    *above, last = pattern.strip("/").split("/")
    pieces = [FOLDERS if part == "**" else f"{_glob_part(part)}/" for part in above]
    return re.compile("".join([*pieces, ANYTHING if last == "**" else f"{_glob_part(last)}/?"]))


def _glob_part(part: str) -> str:
    pieces = [r"(?=[^/.])"] if WILDCARD.match(part) else []
    literal_from = 0
    for found in WILDCARD.finditer(part):
        pieces += [re.escape(part[literal_from : found.start()]), _wildcard(found.group())]
        literal_from = found.end()
    return "".join([*pieces, re.escape(part[literal_from:])])


def _wildcard(text: str) -> str:
    if text.startswith("["):
        return "[" + text[1:-1].replace("\\", r"\\").replace("!", "^", 1) + "]"
    return "[^/]" if text == "?" else "[^/]*"
