"""Measures what is promised, each time beside a floor or an oracle; one JSON line a run.

Every script is started with ``python -m benchmarks.<name>`` and ends non-zero when a promise broke.
"""
