"""Patches as git makes them of lock files."""

import pytest

from bot.jobs.lock_changes import moved_packages

UV = """@@ -411,11 +411,11 @@ wheels = [

 [[package]]
 name = "pytest-asyncio"
-version = "1.2.0"
+version = "1.3.0"
 source = { registry = "https://example.org/simple" }
 dependencies = [
     { name = "pytest" },
@@ -430,3 +430,3 @@ name = "rich"
 version = "14.0.0"
-sdist = { url = "rich-14.0.0.tar.gz", hash = "sha256:00" }
+sdist = { url = "rich-14.0.0.tar.gz", hash = "sha256:11" }
"""
ADDED = """@@ -80,3 +80,9 @@ files = [
+[[package]]
+name = "anyio"
+version = "4.12.0"
+description = "High level."
+
 [[package]]
 name = "attrs"
 version = "25.1.0"
"""
PIPENV = """@@ -50,9 +50,9 @@
         "pytest-asyncio": {
             "hashes": [
-                "sha256:00"
+                "sha256:11"
             ],
             "index": "pypi",
             "markers": "python_version >= '3.10'",
-            "version": "==1.2.0"
+            "version": "==1.3.0"
         },
         "requests": {
             "hashes": [
-                "sha256:22",
                 "sha256:33"
             ],
"""
HEAD = """@@ -1,4 +1,4 @@
-version = 1
-revision = 2
+version = 1
+revision = 3
 requires-python = ">=3.11"
 lock-version = "2.1"
"""


@pytest.mark.parametrize(
    ("patch", "names"),
    [
        (UV, {"pytest-asyncio"}),
        (ADDED, {"anyio"}),
        (PIPENV, {"pytest-asyncio"}),
        (HEAD, set[str]()),
        ('@@ -7 +7 @@\n-version = "1.2.0"\n+version = "1.3.0"\n', set[str]()),
        (UV.partition("@@ -430")[0] + '@@ -500 +500 @@\n-version = "1"', {"pytest-asyncio"}),
        ("", set[str]()),
    ],
)
def test_packages_with_another_version_have_moved(patch: str, names: set[str]) -> None:
    assert moved_packages(patch) == names
