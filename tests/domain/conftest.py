"""The property tests draw the same examples on every run, so that a red one is red for everybody."""

from hypothesis import settings

settings.register_profile("same-each-time", derandomize=True, deadline=None, database=None, max_examples=150)
settings.load_profile("same-each-time")
