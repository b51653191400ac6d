"""Our own tables; those of the job engine are its own business.

Every name begins with `awaited_`, because the tables may share a database with others.
A change here needs a migration beside it: a test compares the two.
"""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# The version of our tables, apart from that of any other user of Alembic in the database.
VERSION_TABLE = "awaited_alembic_version"

# One row for each check run that was ever wanted. GitHub has no compare-and-swap for check
# runs, so the unique constraint is what keeps two workers from creating the same one.
check_claims = sa.Table(
    "awaited_check_claims",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    sa.Column("repository", sa.Text, nullable=False),
    sa.Column("head_sha", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer),
    sa.Column("external_id", sa.Text, nullable=False, unique=True),
    sa.Column("check_run_id", sa.BigInteger),
    sa.Column("conclusion", sa.Text),
    sa.Column("claimed_at", sa.BigInteger, nullable=False),
    sa.Column("finished_at", sa.BigInteger),
    sa.Column("base_ref", sa.Text),
    sa.UniqueConstraint("repository", "head_sha", "name", "attempt"),
    sa.Index("ix_awaited_check_claims_repository_number", "repository", "number"),
    sa.Index("ix_awaited_check_claims_claimed_at", "claimed_at"),
)

# One row for each pull request in which fixes were suggested.
suggested_pulls = sa.Table(
    "awaited_suggested_pulls",
    metadata,
    sa.Column("repository", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("repository", "number"),
)

# One row for each file that the verdict on another has read: `dependent` was checked, and read
# `dependency` for it. `seen_on` is the day of the last such verdict, as an ordinal.
dependents = sa.Table(
    "awaited_dependents",
    metadata,
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("repository", sa.Text, nullable=False),
    sa.Column("dependency", sa.Text, nullable=False),
    sa.Column("dependent", sa.Text, nullable=False),
    sa.Column("seen_on", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("installation_id", "repository", "dependency", "dependent"),
    sa.Index("ix_awaited_dependents_seen_on", "seen_on"),
)
