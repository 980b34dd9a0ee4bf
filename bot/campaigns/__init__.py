"""Campaigns: who is meant, when they come round, and filling the outbox in small steps.

Nothing is sent from here: a recipient's turn is decided as any event of a chat is, and the
courier's governor lets the messages leave. APScheduler lives in `schedule` only.

May import: engine, store, config; what another room must be told is passed in as a function.
Tests: tests/campaigns.
"""
