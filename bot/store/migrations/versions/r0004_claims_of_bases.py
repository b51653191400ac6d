"""Which branch a check run was judged for."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column, empty for what was claimed before."""
    op.add_column("awaited_check_claims", sa.Column("base_ref", sa.Text))
