"""Plays conversations without a phone, a browser or a model: `alexia test` and `alexia chat`.

May import: everything below the daemon.
Tests: tests/testing.
"""

from bot.testing.chatting import ChatRoom
from bot.testing.runs import Results, TestOutcome, run_tests

__all__ = ["ChatRoom", "Results", "TestOutcome", "run_tests"]
