"""Files that do not parse, beside files that do."""

from tests.conformance.case import AUTO, Case, run

GO_ON = run("--continue-on-collection-errors")
FINE = """
    async def test_it():
        ran()
"""

CASES = (
    Case(
        "A broken file is broken and the others are still checked",
        {
            "test_broken.py": "async def test_it(:\n    ran()\n",
            "test_fine.py": FINE,
        },
        invocations=(GO_ON,),
    ),
    Case(
        "Every kind of broken file is one",
        {
            "test_indent.py": "async def test_it():\nran()\n",
            "test_tabs.py": "async def test_it():\n    if True:\n\tran()\n        ran()\n",
            "test_unclosed.py": "value = (1,\nasync def test_it(): ran()\n",
            "test_string.py": "value = 'open\nasync def test_it(): ran()\n",
            "test_await.py": "def test_it():\n    await ran()\n",
            "test_yield.py": "async def test_it():\n    ran()\n    yield from ()\n",
            "test_conflict.py": "<<<<<<< HEAD\nasync def test_it(): ran()\n=======\n",
            "test_old.py": "print 'python 2'\n",
            "test_return.py": "return 1\n",
            "test_nul.py": b"async def test_it(): ran()\n\x00\n",
            "test_encoding.py": b"# coding: no-such-codec\nasync def test_it(): ran()\n",
            "test_fine.py": FINE,
        },
        invocations=(GO_ON,),
    ),
    Case(
        "Empty files and files of comments are fine",
        {
            "test_empty.py": b"",
            "test_comment.py": "# nothing yet\n",
            "test_no_newline.py": b"async def test_it(): ran()",
            "test_docstring.py": '"""Nothing yet."""\n',
        },
    ),
    Case(
        "A broken helper breaks the module that imports it and not its tests' verdict",
        {
            "helper.py": "def broken(:\n",
            "test_user.py": """
                from helper import broken

                async def test_it():
                    ran()
            """,
            "test_fine.py": FINE,
        },
        invocations=(GO_ON,),
    ),
    Case(
        "A broken conftest stops everything",
        {"conftest.py": "def broken(:\n", "test_fine.py": FINE},
        unjudged="pytest does not start",
    ),
    Case(
        "Modern syntax is fine",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                async def test_match():
                    ran()
                    match {"a": 1}:
                        case {"a": int(number)} if number:
                            assert number == 1

                async def test_groups():
                    ran()
                    try:
                        pass
                    except* ValueError:
                        pass

                async def test_walrus():
                    ran()
                    assert (n := 3) == 3
                    assert [x async for x in numbers()] == [1]
                    assert f"{n!r:>5}" == "    3"

                async def numbers():
                    yield 1
            """,
        },
    ),
)
