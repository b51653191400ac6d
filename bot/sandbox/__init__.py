"""A stateful GitHub on localhost, for the demo and for the tests.

It holds real bare git repositories, speaks the REST and GraphQL operations that an app needs, can
be cloned from and pushed to, sends signed webhooks, enforces the platform's limits, injects
faults, and has every exchange judged by a referee that knows GitHub's own descriptions. It knows
nothing of the bot.
"""
