"""Runs the versions on the connection that `caseapp.models.migrate` gives, in that connection's transaction.

Logging is the application's business: the `fileConfig()` call of Alembic's template is left out on purpose,
since it would silence every logger that exists already.
"""

from alembic import context

from caseapp.models import Base
from caseapp.models.migrate import VERSION_TABLE

if context.is_offline_mode():
    raise SystemExit("Migrations need a database; SQL scripts of them are not offered.")

context.configure(
    connection=context.config.attributes["connection"],
    # Gives the tables of a version the project's constraint names.
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    # Off by default for SQLite, which can very well undo a half-done version.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
