"""The database's versions. In the wheel this folder is the package `caseapp.migrations`."""
