"""The rules of the practice as pure functions over frozen values.

Standard library only; no clock, no request, no session. The words and rules stand in docs/domain.md.
"""
