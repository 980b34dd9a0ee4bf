"""The facts of the matter, frozen: messages, people, conversations, effects.

Pure data and pure functions on it.

May import: nothing of ours.
Tests: tests/domain.
"""
