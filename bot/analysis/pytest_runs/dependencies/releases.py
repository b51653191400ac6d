"""Releases of the packages whose versions matter here, as far as boundaries need them.

The last patch release of each minor one, from the packages' release histories (November 2026).
A specifier may name others; those count too. What is newer than these counts as the newest.
"""

RELEASES = {
    "pytest": (
        "3.10.1 4.6.11 5.0.1 5.1.3 5.2.4 5.3.5 5.4.3 6.0.2 6.1.2 6.2.5 7.0.1 7.1.3 7.2.2 7.3.2"
        " 7.4.4 8.0.2 8.1.2 8.2.2 8.3.5 8.4.2 9.0.3 9.1.1 9.2.0"
    ),
    "pytest-asyncio": (
        "0.10.0 0.11.0 0.12.0 0.14.0 0.15.1 0.16.0 0.17.2 0.18.3 0.19.0 0.20.3 0.21.2 0.23.8"
        " 0.24.0 0.25.3 0.26.0 1.0.0 1.1.1 1.2.0 1.3.0 1.4.1 1.5.0"
    ),
    "anyio": (
        "1.4.0 2.2.0 3.0.1 3.1.0 3.2.1 3.3.4 3.4.0 3.5.0 3.6.2 3.7.1 4.0.0 4.1.0 4.2.0 4.3.0"
        " 4.4.0 4.5.2 4.6.2 4.7.0 4.8.0 4.9.0 4.10.0 4.11.0 4.12.1 4.13.0 4.14.2 4.15.1 4.16.0"
    ),
    "pytest-trio": "0.5.2 0.6.0 0.7.0 0.8.0",
    "pytest-aiohttp": "0.3.0 1.0.5 1.1.1",
}
# From which release on a plugin needs at least which pytest (their declared dependencies).
NEEDED_PYTEST = {
    "pytest-asyncio": (("0.21.0", "7.0"), ("0.24.0", "8.2"), ("1.4.0", "8.4")),
}
# Packages that bring others along (their declared dependencies).
BRINGS = {
    "pytest-aiohttp": ("pytest-asyncio", "aiohttp"),
    "pytest-homeassistant-custom-component": ("pytest-asyncio", "pytest-aiohttp"),
    "pytest-trio": ("trio",),
    "httpx": ("anyio",),
    "starlette": ("anyio",),
    "fastapi": ("anyio", "starlette"),
    "pytest-httpx": ("httpx", "anyio"),
    "jupyter-server": ("anyio",),
    "mcp": ("anyio", "httpx"),
}
