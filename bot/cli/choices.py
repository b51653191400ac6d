"""What the command line says of rules and configuration, as the analysis takes it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.analysis.errors import UserError
from bot.analysis.request import ConfigurationFile, Selection
from bot.cli.listing import valid_unicode
from bot.cli.local_file import read


def selection_of(
    *, select: Sequence[str], ignore: Sequence[str], extend_select: Sequence[str]
) -> Selection:
    """Return what the options say; each may be given several times, and hold commas.

    Raises:
        UserError: a word names no rule.
    """
    return Selection(
        tuple(_selectors(select, "--select")) if select else None,
        tuple(_selectors(ignore, "--ignore")),
        tuple(_selectors(extend_select, "--extend-select")),
    )


def _selectors(values: Sequence[str], option: str) -> Iterator[str]:
    if not values:
        return
    # Slow to load, and most who check give no such option.
    from bot.analysis.configuration.selection import refusal  # noqa: PLC0415
    from bot.rules import ALL_RULES  # noqa: PLC0415

    for word in ",".join(values).split(","):
        selector = word.strip()
        if not selector:
            continue
        if reason := refusal(selector, ALL_RULES):
            raise UserError(f"{option}: {reason} (`awaited rules` lists them)")
        yield selector


def configuration_of(path: str | None, *, isolated: bool) -> tuple[ConfigurationFile, ...] | None:
    """Return what is read in place of the tree's own configuration; None if nothing is.

    Raises:
        UserError: the file cannot be read, holds no configuration, or is not to be read at all.
    """
    if path is None:
        return () if isolated else None
    return (_configuration("--config", path, isolated=isolated),)


def inherited_from(path: str | None, *, isolated: bool) -> ConfigurationFile | None:
    """Return what holds where the configuration says nothing; None if nothing does.

    Raises:
        UserError: as for `configuration_of`.
    """
    if path is None:
        return None
    return _configuration("--inherit", path, isolated=isolated)


def _configuration(option: str, path: str, *, isolated: bool) -> ConfigurationFile:
    if isolated:
        raise UserError(f"{option} names a configuration, and --isolated wants none: give one")
    from bot.analysis.configuration.config_reading import (  # noqa: PLC0415 - as above
        keys_to_configuration,
    )

    content = read(path)
    if content is None:
        raise UserError(f"{option}: {valid_unicode(path)}: there is no such file")
    if not isinstance(content, bytes):
        raise UserError(f"{option}: {valid_unicode(path)}: {content.reason}")
    absolute = valid_unicode(str(Path(path).absolute()))
    file = ConfigurationFile(absolute, content.decode(errors="replace"))
    if keys_to_configuration(file) is None:
        raise UserError(f"{option}: {valid_unicode(path)} holds no [tool.awaited]")
    return file
