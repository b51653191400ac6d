"""Which files, folders and names the configuration makes tests."""

from tests.conformance.case import Case

CASES = (
    Case(
        "The configured names of files, functions and classes decide",
        {
            "pytest.ini": """
                [pytest]
                python_files = check_*.py *_spec.py
                python_functions = check_* *_works
                python_classes = Check *Suite
            """,
            "check_shop.py": """
                async def check_it(): ran()

                async def it_works(): ran()

                async def test_it(): ran()

                class CheckIt:
                    async def check_it(self): ran()

                    async def test_it(self): ran()

                class ShopSuite:
                    async def check_it(self): ran()

                class TestShop:
                    async def check_it(self): ran()
            """,
            "shop_spec.py": """
                import unittest

                class Anything(unittest.TestCase):
                    async def test_it(self): ran()

                    async def check_it(self): ran()
            """,
            "test_shop.py": """
                async def check_it(): ran()
            """,
        },
    ),
    Case(
        "Names configured in TOML decide as well",
        {
            "pyproject.toml": """
                [tool.pytest.ini_options]
                python_files = ["check_*.py"]
                python_functions = ["check_*"]
                python_classes = ["Check*"]
            """,
            "check_shop.py": """
                async def check_it(): ran()

                class CheckIt:
                    async def check_it(self): ran()
            """,
            "test_shop.py": """
                async def check_it(): ran()
            """,
        },
    ),
    Case(
        "A function name configured without a star is a prefix",
        {
            "pytest.ini": "[pytest]\npython_functions = test check\n",
            "test_it.py": """
                async def checking(): ran()

                async def testing(): ran()

                async def verify(): ran()
            """,
        },
    ),
    Case(
        "Test paths name where a plain start looks",
        {
            "pytest.ini": "[pytest]\ntestpaths = tests\n",
            "tests/test_in.py": """
                async def test_in(): ran()
            """,
            "scripts/test_out.py": """
                async def test_out(): ran()
            """,
        },
    ),
    Case(
        "Folders that pytest does not enter hold no tests",
        dict.fromkeys(
            (
                "build/test_build.py",
                "dist/test_dist.py",
                "node_modules/pkg/test_node.py",
                ".hidden/test_hidden.py",
                "venv/lib/test_venv.py",
                "shop.egg/test_egg.py",
                "builds/test_builds.py",
                "tests/build/test_deep.py",
            ),
            """\n                async def test_it():\n                    ran()\n            """,
        ),
    ),
    Case(
        "The folders not to enter can be named",
        {
            "pytest.ini": "[pytest]\nnorecursedirs = legacy *.bak tests/data\n",
            "legacy/test_legacy.py": "async def test_it(): ran()\n",
            "old.bak/test_old.py": "async def test_it(): ran()\n",
            "tests/data/test_data.py": "async def test_it(): ran()\n",
            "build/test_build.py": "async def test_it(): ran()\n",
        },
    ),
    Case(
        "What the added options ignore holds no tests",
        {
            "pytest.ini": "[pytest]\naddopts = --ignore=legacy --ignore-glob=*_slow.py\n",
            "legacy/test_legacy.py": "async def test_it(): ran()\n",
            "test_very_slow.py": "async def test_it(): ran()\n",
            "test_quick.py": "async def test_it(): ran()\n",
        },
    ),
    Case(
        "What conftest ignores holds no tests",
        {
            "conftest.py": """
                import sys

                collect_ignore = ["setup.py", "test_ignored.py"]
                collect_ignore_glob = ["*_py2.py"]
                if sys.version_info[0] > 2:
                    collect_ignore.append("legacy/test_legacy.py")
            """,
            "test_ignored.py": "async def test_it(): ran()\n",
            "test_old_py2.py": "async def test_it(): ran()\n",
            "legacy/test_legacy.py": "async def test_it(): ran()\n",
            "test_seen.py": "async def test_it(): ran()\n",
        },
    ),
)
