"""One file a version, numbered; each revises the one before it."""
