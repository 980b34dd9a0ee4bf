"""Alexia: a WhatsApp bot that runs on YAML rules and conversation flows."""

__version__ = "0.1.0"
