"""The claims of check runs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "awaited_check_claims",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("repository", sa.Text, nullable=False),
        sa.Column("head_sha", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("check_run_id", sa.BigInteger),
        sa.Column("conclusion", sa.Text),
        sa.Column("claimed_at", sa.BigInteger, nullable=False),
        sa.Column("finished_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_awaited_check_claims"),
        sa.UniqueConstraint("external_id", name="uq_awaited_check_claims_external_id"),
        sa.UniqueConstraint(
            "repository",
            "head_sha",
            "name",
            "attempt",
            name="uq_awaited_check_claims_repository_head_sha_name_attempt",
        ),
    )
    op.create_index(
        "ix_awaited_check_claims_repository_number",
        "awaited_check_claims",
        ["repository", "number"],
    )
