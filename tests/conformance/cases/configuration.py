"""Which file configures pytest, what it says, and what speaks against it."""

from collections.abc import Mapping

from tests.conformance.case import AUTO, Case, run

ONE_TEST = """
    async def test_it():
        ran()
"""
PYPROJECT = """
    [tool.pytest.ini_options]
    asyncio_mode = "auto"
"""
NATIVE = """
    [tool.pytest]
    asyncio_mode = "auto"
"""


def _with(files: Mapping[str, str | bytes]) -> dict[str, str | bytes]:
    """Return configuration files with one unmarked async test beside them."""
    return {**files, "test_it.py": ONE_TEST}


CASES = (
    Case("pytest.ini sets the mode", _with({"pytest.ini": AUTO})),
    Case("A hidden pytest.ini sets the mode", _with({".pytest.ini": AUTO})),
    Case("pyproject.toml sets the mode", _with({"pyproject.toml": PYPROJECT})),
    Case("pyproject.toml sets the mode in pytest's own table", _with({"pyproject.toml": NATIVE})),
    Case(
        "pytest.toml sets the mode",
        _with({"pytest.toml": '[pytest]\nasyncio_mode = "auto"\n'}),
    ),
    Case(
        "A hidden pytest.toml sets the mode",
        _with({".pytest.toml": '[pytest]\nasyncio_mode = "auto"\n'}),
    ),
    Case("tox.ini sets the mode", _with({"tox.ini": "[tox]\nenvlist = py311\n" + AUTO})),
    Case(
        "setup.cfg sets the mode",
        _with({"setup.cfg": "[metadata]\nname = shop\n[tool:pytest]\nasyncio_mode = auto\n"}),
    ),
    Case(
        "setup.cfg with pytest's section name is a failure at the start",
        _with({"setup.cfg": AUTO}),
        unjudged="pytest refuses the file",
    ),
    Case(
        "Both tables in pyproject.toml are refused",
        _with({"pyproject.toml": PYPROJECT.replace("    ", "") + NATIVE.replace("    ", "")}),
        unjudged="pytest refuses the file",
    ),
    Case(
        "pytest.ini with setup.cfg's section name says nothing and hides the rest",
        _with({"pytest.ini": "[tool:pytest]\nasyncio_mode = auto\n", "pyproject.toml": PYPROJECT}),
    ),
    Case(
        "tox.ini with setup.cfg's section name says nothing",
        _with({"tox.ini": "[tool:pytest]\nasyncio_mode = auto\n"}),
    ),
    Case(
        "An empty pytest.ini hides pyproject.toml",
        _with({"pytest.ini": "", "pyproject.toml": PYPROJECT}),
    ),
    Case(
        "A bare section in pytest.ini hides pyproject.toml",
        _with({"pytest.ini": "[pytest]\n", "pyproject.toml": PYPROJECT}),
    ),
    Case(
        "An empty pytest.toml hides pyproject.toml",
        _with({"pytest.toml": "", "pyproject.toml": PYPROJECT}),
    ),
    Case(
        "pytest.toml wins over pytest.ini",
        _with({"pytest.toml": '[pytest]\nasyncio_mode = "strict"\n', "pytest.ini": AUTO}),
    ),
    Case(
        "pytest.ini wins over pyproject.toml",
        _with({"pytest.ini": "[pytest]\nasyncio_mode = strict\n", "pyproject.toml": PYPROJECT}),
    ),
    Case(
        "pytest.ini wins over a hidden pytest.ini",
        _with({"pytest.ini": "[pytest]\nasyncio_mode = strict\n", ".pytest.ini": AUTO}),
    ),
    Case(
        "A hidden pytest.ini wins over pyproject.toml",
        _with({".pytest.ini": "[pytest]\nasyncio_mode = strict\n", "pyproject.toml": PYPROJECT}),
    ),
    Case(
        "pyproject.toml with an empty table wins over tox.ini",
        _with({"pyproject.toml": "[tool.pytest.ini_options]\n", "tox.ini": AUTO}),
    ),
    Case(
        "pyproject.toml without a table yields to tox.ini",
        _with({"pyproject.toml": '[project]\nname = "shop"\n', "tox.ini": AUTO}),
    ),
    Case(
        "tox.ini wins over setup.cfg",
        _with({"tox.ini": "[pytest]\n", "setup.cfg": "[tool:pytest]\nasyncio_mode = auto\n"}),
    ),
    Case(
        "tox.ini without a section yields to setup.cfg",
        _with({"tox.ini": "[tox]\n", "setup.cfg": "[tool:pytest]\nasyncio_mode = auto\n"}),
    ),
    Case(
        "An option added to the command line sets the mode",
        _with({"pytest.ini": "[pytest]\naddopts = -ra --asyncio-mode=auto\n"}),
    ),
    Case(
        "An option added in two words sets the mode",
        _with({"pytest.ini": "[pytest]\naddopts = --asyncio-mode auto -q\n"}),
    ),
    Case(
        "Options added over several lines and in quotes are read",
        _with(
            {"setup.cfg": "[tool:pytest]\naddopts =\n    -ra\n    --asyncio-mode='auto'\n    -q\n"}
        ),
    ),
    Case(
        "Options added as a list are read",
        _with(
            {
                "pyproject.toml": """
                    [tool.pytest.ini_options]
                    addopts = ["-ra", "--asyncio-mode=auto"]
                """
            }
        ),
    ),
    Case(
        "An overridden option inside the added options is read",
        _with({"pytest.ini": "[pytest]\naddopts = -o asyncio_mode=auto\n"}),
    ),
    Case(
        "The option wins over the setting",
        _with({"pytest.ini": AUTO + "addopts = --asyncio-mode=strict\n"}),
    ),
    Case(
        "The last of two options wins",
        _with({"pytest.ini": "[pytest]\naddopts = --asyncio-mode=auto --asyncio-mode=strict\n"}),
    ),
    Case(
        "Strict mode said aloud is strict",
        _with({"pyproject.toml": '[tool.pytest.ini_options]\nasyncio_mode = "strict"\n'}),
    ),
    Case(
        "Spaces and comments around the mode are no part of it",
        _with({"pytest.ini": "; ours\n[pytest]\n# mode\nasyncio_mode   =   auto\n"}),
    ),
    Case(
        "A mode in capitals is refused",
        _with({"pytest.ini": "[pytest]\nasyncio_mode = AUTO\n"}),
        unjudged="pytest refuses to start",
    ),
    Case(
        "A mode with a dash is no mode",
        _with({"pytest.ini": "[pytest]\nasyncio-mode = auto\n"}),
    ),
    Case(
        "A commented mode is no mode",
        _with({"pytest.ini": "[pytest]\n# asyncio_mode = auto\naddopts = -ra\n"}),
    ),
    Case(
        "A mode in another section is no mode",
        _with({"pytest.ini": "[pytest]\n[asyncio]\nasyncio_mode = auto\n"}),
    ),
    Case(
        "A default loop scope does not make auto mode",
        _with({"pytest.ini": "[pytest]\nasyncio_default_fixture_loop_scope = session\n"}),
    ),
    Case(
        "The plugin switched off runs nothing",
        _with({"pytest.ini": AUTO + "addopts = -p no:asyncio\n"}),
    ),
    Case(
        "Autoloading switched off by an option runs nothing",
        _with({"pytest.ini": AUTO + "addopts = --disable-plugin-autoload\n"}),
    ),
    Case(
        "Autoloading switched off and the plugin named runs it",
        _with(
            {"pytest.ini": AUTO + "addopts = --disable-plugin-autoload -p pytest_asyncio.plugin\n"}
        ),
    ),
    Case(
        "Autoloading switched off and the package named in conftest runs nothing",
        _with({"pytest.ini": AUTO + "addopts = --disable-plugin-autoload\n"})
        | {"conftest.py": 'pytest_plugins = ["pytest_asyncio"]\n'},
    ),
    Case(
        "A conftest that sets the option makes auto mode",
        {
            "conftest.py": """
                def pytest_configure(config):
                    config.option.asyncio_mode = "auto"
            """,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A conftest that sets the option on the command line's way makes auto mode",
        {
            "conftest.py": """
                def pytest_cmdline_main(config):
                    config.option.asyncio_mode = "auto"
            """,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A conftest that rewrites the read settings makes auto mode",
        {
            "conftest.py": """
                def pytest_configure(config):
                    config._inicache["asyncio_mode"] = "auto"
            """,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A conftest that configures something else leaves the mode alone",
        {
            "conftest.py": """
                def pytest_configure(config):
                    config.addinivalue_line("markers", "slow: takes its time")
            """,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A configuration below the root is not read from the root",
        {
            "sub/pytest.ini": AUTO,
            "sub/test_it.py": ONE_TEST,
        },
    ),
    Case(
        "Test paths do not move the search for the configuration",
        {
            "pytest.ini": "[pytest]\ntestpaths = sub\n",
            "sub/pytest.ini": AUTO,
            "sub/test_it.py": ONE_TEST,
            "other/test_other.py": ONE_TEST.replace("test_it", "test_other"),
        },
    ),
    Case(
        "Without any configuration the parent of the tests has none either",
        {
            "tests/test_it.py": ONE_TEST,
            "tests/deep/test_deep.py": ONE_TEST.replace("test_it", "test_deep"),
        },
    ),
    Case(
        "A configuration file that nobody names is not read",
        {
            "ci.ini": AUTO,
            "config/pytest.ini": AUTO,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A configuration file that the Makefile names is read there",
        {
            "ci.ini": AUTO,
            "Makefile": "test:\n\tpytest -c ci.ini\n",
            "test_it.py": ONE_TEST,
        },
        invocations=(run(), run("-c", "ci.ini")),
    ),
    Case(
        "A legacy mode of old versions is refused by new ones",
        _with({"pytest.ini": "[pytest]\nasyncio_mode = legacy\n"}),
        unjudged="pytest refuses to start",
    ),
    Case(
        "pyproject.toml that is broken stops pytest",
        _with({"pyproject.toml": "[tool.pytest.ini_options\nasyncio_mode = 'auto'\n"}),
        unjudged="pytest refuses the file",
    ),
    Case(
        "A mode written as a TOML literal string is the same mode",
        _with({"pyproject.toml": "[tool.pytest.ini_options]\nasyncio_mode = 'auto'\n"}),
    ),
    Case(
        "A dotted TOML key is the same table",
        _with({"pyproject.toml": 'tool.pytest.ini_options.asyncio_mode = "auto"\n'}),
    ),
    Case(
        "An inline TOML table is the same table",
        _with({"pyproject.toml": '[tool.pytest]\nini_options = {asyncio_mode = "auto"}\n'}),
    ),
    Case(
        "Windows line ends in a configuration are read",
        {"pytest.ini": AUTO.replace("\n", "\r\n").encode(), "test_it.py": ONE_TEST},
    ),
    Case(
        "A configuration with a byte order mark is read as pytest reads it",
        {
            "pyproject.toml": b'\xef\xbb\xbf[tool.pytest.ini_options]\nasyncio_mode = "auto"\n',
            "test_it.py": ONE_TEST,
        },
        unjudged="pytest refuses the file",
    ),
)
