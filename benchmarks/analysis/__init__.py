"""How fast `awaited check` is, beside its peers, on the tests of real projects."""
