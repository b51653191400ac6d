"""How our tables came to be. Run at every start; each step also suits the version before it."""
