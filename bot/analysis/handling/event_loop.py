"""The fixture `event_loop`, which pytest-asyncio had before 1.0: is it still there for a file?"""

from bot.analysis.answer import Answer
from bot.analysis.collection.plugins import (
    PluginReader,
    asyncio_mode,
    runs_everything,
    unknown_async_plugin,
)
from bot.analysis.pytest_runs.pytest_config import AsyncioMode, PytestRun
from bot.analysis.source.module import Module

EVENT_LOOP = "event_loop"

# These bring a fixture of that name along, or may (their source).
_PROVIDERS = (
    "pytest-asyncio-cooperative", "alt-pytest-asyncio", "pytest-homeassistant-custom-component",
    "pytest-sanic", "pytest-curio", "pytest-aioloop",
)  # fmt: skip
_WORDS = ("pytest_asyncio", "mark.asyncio")


class EventLoop:
    """Asks runs for it."""

    def __init__(self, plugins: PluginReader) -> None:
        self._plugins = plugins

    def is_gone(self, module: Module, run: PytestRun) -> bool:
        """Whether pytest-asyncio is certainly in use, in a version without the fixture."""
        plugins = self._plugins.plugins(run, module)
        if run.refused is not None or run.asyncio_active is Answer.NO:
            return False
        if not run.versions.at_least("pytest-asyncio", "1.0"):
            return False
        if plugins.unknown or unknown_async_plugin(run) or runs_everything(run, plugins):
            return False
        if any(run.versions.declared(name) for name in _PROVIDERS):
            return False
        texts = [one.source.text for one in (module, *plugins.all_modules)]
        return (
            run.asyncio_active is Answer.YES
            or asyncio_mode(run, plugins) is AsyncioMode.AUTO
            or any(word in text for text in texts for word in _WORDS)
        )
