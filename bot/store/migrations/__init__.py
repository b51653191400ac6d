"""How our tables came to be. Run at every start, and only forwards.

Each step must also suit the version of the bot before it, because workers are replaced one by
one: first something is added, and a release later what nobody reads any more is taken away.
"""
