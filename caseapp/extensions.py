"""The extension instances. Imports nothing of this project, so that every layer may import it."""

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData

# Names that the database would otherwise invent differ between SQLite and PostgreSQL, and a later migration
# could not drop what it cannot name.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

db = SQLAlchemy(metadata=metadata)
