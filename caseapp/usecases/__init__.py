"""Use-cases: load facts, ask the domain, write, commit on the last line. No HTTP."""
