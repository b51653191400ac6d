"""Credentials of apps, each read once in a process: to read a key takes as long as many tests."""

from functools import cache

from bot.github.auth import AppCredentials

known_credentials = cache(AppCredentials)
