"""What can go wrong, by who can repair it."""


class UserError(Exception):
    """Somebody outside can repair this: shown to them with what to do, never retried."""


class FixError(Exception):
    """A set of edits cannot be applied as declared; the fix is then not offered."""
