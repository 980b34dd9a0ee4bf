"""Reads texts: language, intents, tone, entities. Heavy libraries load in the background.

May import: domain, language, config, ports.
Tests: tests/nlu.
"""
