"""Users' Python: finds the actions of extensions/ and of installed packages, and runs them.

May import: sdk, language, domain, ports.
Tests: tests/extensions.
"""

from bot.extensions.finding import Action, Actions, find_actions

__all__ = ("Action", "Actions", "find_actions")
