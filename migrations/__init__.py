"""The database's versions. In the wheel this folder is the package `caseapp.migrations`.

A new version is a file `versions/NNNN_what_changes.py` with the next number, written by hand;
tests/migrations compares the outcome with the models on both databases. A published version is never edited.

On SQLite foreign keys are off while versions run. A version that rebuilds a table (`op.batch_alter_table`)
makes the triggers of that table anew, since the old ones go with the old table, and ends with
`PRAGMA foreign_key_check(table)`.
"""
