"""Files to plain records and back. Nothing here knows a database."""
