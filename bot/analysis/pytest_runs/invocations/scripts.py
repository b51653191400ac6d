"""Shell scripts of the repository, run the way people run them."""

import re
from collections.abc import Iterator

from bot.analysis.pytest_runs.config_files import ConfigFiles, parent
from bot.analysis.pytest_runs.invocation import Invocation
from bot.analysis.pytest_runs.invocations.shell import Shell, with_script_folder

SCRIPT_FOLDERS = frozenset({"scripts", "script", "bin", "ci", ".ci", "tools", "dev", "hack"})
SHEBANG = re.compile(r"#!.*\b(?:ba|da|z|k)?sh\b")


def from_scripts(files: ConfigFiles) -> Iterator[Invocation]:
    """Yield what each shell script starts.

    A script is taken to be started in the folder that its own folder (`scripts/`, `bin/`) lies
    in, or in its own, unless it says where it goes itself.
    """
    for path, text in sorted(files.texts.items()):
        if "pytest" in text and _is_script(path, text):
            folder = parent(path)
            start = parent(folder) if folder.rpartition("/")[2] in SCRIPT_FOLDERS else folder
            script = with_script_folder(text, folder)
            yield from Shell(files, start).invocations(script, path, 1)


def _is_script(path: str, text: str) -> bool:
    name = path.rpartition("/")[2]
    if name.endswith((".sh", ".bash")):
        return True
    return "." not in name and SHEBANG.match(text) is not None
