"""No token, JWT or private key may reach a log, an error or a page.

Installation tokens have had several shapes and lengths, so they are known by their prefix only
(GitHub's token formats: `ghp_`, `gho_`, `ghu_`, `ghs_`, `ghr_`, `github_pat_`).
"""

import re

REDACTED = "[redacted]"

_SECRETS = re.compile(
    r"""
      (?:gh[oprsu]|github_pat)_[^\s"'<>]+               # GitHub's tokens
    | eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?                    # JSON web tokens
    | -----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----            # PEM, whole or cut off
      .*?(?:-----END[ ][A-Z ]*PRIVATE[ ]KEY-----|\Z)
    """,
    re.VERBOSE | re.DOTALL,
)


def redact(text: str) -> str:
    """Return `text` with everything that looks like a credential blotted out."""
    return _SECRETS.sub(REDACTED, text)
