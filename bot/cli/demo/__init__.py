"""`awaited demo`: a local GitHub, the bot, and a pull request whose async tests never run."""
