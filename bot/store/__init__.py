"""What is remembered on disk: SQLite through one writer, durable at every commit.

`tables` is the schema, `database` the one door, and a module of functions for each thing kept.
Rows never leave this room.

May import: domain, ports.
Tests: tests/store.
"""
