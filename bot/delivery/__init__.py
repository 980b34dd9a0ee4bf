"""From the outbox to the page: one id a message, order within a chat, recovery after every cut.

May import: domain, ports, store.
Tests: tests/delivery.
"""
