"""How fast Caseapp is, measured beside a hand-written floor: `python -m benchmarks --help`.

What is measured and the latest figures stand in docs/performance.md.
"""
