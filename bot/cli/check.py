"""`awaited check`: the bot's analysis, and its fixes, for a tree on disk."""

from collections.abc import Iterator
from pathlib import Path

import click

from bot.cli.choices import configuration_of, inherited_from, selection_of
from bot.cli.examination import examine
from bot.cli.local_tree import LocalTree
from bot.cli.outcome import Outcome
from bot.cli.output import print_bytes, print_lines
from bot.cli.wishes import Wishes
from bot.report.json_report import json_report
from bot.report.text import Line, Style, error_lines, text_report
from bot.report.wording import counted


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--file", "files", multiple=True, metavar="F", help="The same as PATH.")
@click.option("--dir", "directories", multiple=True, metavar="D", help="The same as PATH.")
@click.option("--fix", is_flag=True, help="Apply the safe fixes.")
@click.option("--unsafe-fixes", is_flag=True, help="Count unsafe fixes as fixes.")
@click.option("--diff", is_flag=True, help="Show what --fix would change; write nothing.")
@click.option("--strict-unknown", is_flag=True, help="Report also what cannot be decided.")
@click.option("--select", multiple=True, metavar="RULES", help="Only these rules are on.")
@click.option("--ignore", multiple=True, metavar="RULES", help="These rules are off.")
@click.option(
    "--extend-select", multiple=True, metavar="RULES", help="These rules are on as well."
)
@click.option("--config", metavar="FILE", help="Read this configuration instead of the tree's.")
@click.option("--inherit", metavar="FILE", help="Where the configuration says nothing, this does.")
@click.option("--no-cache", "-n", is_flag=True, help="Neither look up results nor keep them.")
@click.option("--cache-dir", metavar="DIR", help="Keep results here, not in the tree.")
@click.option("--isolated", is_flag=True, help="Read no configuration of awaited.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How the report is written; text is the default.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_context
def check(
    context: click.Context,
    *,
    paths: tuple[str, ...],
    files: tuple[str, ...],
    directories: tuple[str, ...],
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    strict_unknown: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    extend_select: tuple[str, ...],
    config: str | None,
    inherit: str | None,
    isolated: bool,
    no_cache: bool,
    cache_dir: str | None,
    output_format: str,
    as_json: bool,
) -> None:
    """Find async tests that never run, or run and prove nothing, in files and directories.

    Without a PATH, the working directory is checked. In directories, what git ignores is left
    out, and test files are those that pytest collects; a file that is named is always checked.

    RULES are codes, beginnings of codes, names or ALL, separated by commas. They come before
    what [tool.awaited] in pyproject.toml or .awaited.toml says.

    Exits with 0 if all is well, with 1 if there are findings or files that could not be checked
    (a notice alone is no reason), and with 2 if it was used wrongly or failed itself.
    """
    wishes = Wishes(
        unsafe_fixes=unsafe_fixes,
        fix=fix,
        diff=diff,
        strict_unknown=strict_unknown,
        selection=selection_of(select=select, ignore=ignore, extend_select=extend_select),
        configuration=configuration_of(config, isolated=isolated),
        inherited=inherited_from(inherit, isolated=isolated),
        cache=not no_cache,
        cache_folder=cache_dir,
    )
    tree = LocalTree.of([*paths, *files, *directories] or ["."], Path.cwd())
    outcome = examine(tree, wishes)
    if as_json or output_format == "json":
        _print_json(outcome, wishes)
    else:
        _print_text(outcome, wishes)
    context.exit(1 if outcome.is_red else 0)


def _print_json(outcome: Outcome, wishes: Wishes) -> None:
    document = json_report(
        outcome.report,
        fixed=outcome.fixed if wishes.fix and not wishes.diff else None,
        diff=outcome.diff.decode(errors="replace") if wishes.diff else None,
    )
    print_bytes(document)


def _print_text(outcome: Outcome, wishes: Wishes) -> None:
    if wishes.diff:
        print_bytes(outcome.diff)
        print_lines(_about_diff(outcome), err=True)
    else:
        fixed = outcome.fixed if wishes.fix else None
        print_lines(text_report(outcome.report, unsafe_fixes=wishes.unsafe_fixes, fixed=fixed))
    print_lines(error_lines(outcome.report), err=True)


def _about_diff(outcome: Outcome) -> Iterator[Line]:
    fixed, found = len(outcome.fixed), len(outcome.report.findings)
    yield Line.of((f"{counted(fixed, 'finding')} of {found} would be fixed.", Style.ADVICE))
