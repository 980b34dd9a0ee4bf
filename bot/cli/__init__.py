"""The command line: each command parses its words, calls one function and prints.

A command lies in its own module, which is imported when it is called, so that
`alexia --help` costs nothing but click.

May import: everything below; heavy libraries only inside a command.
Tests: tests/cli.
"""

from bot.cli.commands import main

__all__ = ["main"]
