"""From what arrives to what is decided: store first, one lane a chat, one transaction a turn.

May import: domain, language, engine, ports, store.
Tests: tests/inbound.
"""
