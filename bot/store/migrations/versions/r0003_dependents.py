"""What verdicts have read."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "awaited_dependents",
        sa.Column("installation_id", sa.BigInteger, nullable=False),
        sa.Column("repository", sa.Text, nullable=False),
        sa.Column("dependency", sa.Text, nullable=False),
        sa.Column("dependent", sa.Text, nullable=False),
        sa.Column("seen_on", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint(
            "installation_id",
            "repository",
            "dependency",
            "dependent",
            name="pk_awaited_dependents",
        ),
    )
    op.create_index("ix_awaited_dependents_seen_on", "awaited_dependents", ["seen_on"])
