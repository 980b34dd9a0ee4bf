"""The composition root: builds the parts, owns every task, swaps the rulebook, stops cleanly.

`clock` is the only module of the project that reads the time.

May import: everything below.
Tests: tests/daemon, tests/system.
"""
