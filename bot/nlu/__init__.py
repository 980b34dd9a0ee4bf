"""Reads texts: language, intents. Heavy libraries are loaded in the background, only here.

May import: domain, ports.
Tests: tests/nlu.
"""
