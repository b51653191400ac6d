"""Claims by their age, so that old ones are found."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the index."""
    op.create_index("ix_awaited_check_claims_claimed_at", "awaited_check_claims", ["claimed_at"])
