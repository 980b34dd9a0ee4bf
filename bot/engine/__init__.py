"""What is decided: a turn and the rulebook become a Decision. Pure, and the same each time.

May import: language, domain.
Tests: tests/engine.
"""
