"""A loopback WhatsApp: the web page, its servers, everybody's phones and a control API.

``GET /`` offers WhatsApp Web's module surface to the real wa-js bundle in a real browser,
``GET /phone`` is a page where a person chats as any contact, and ``/control/...`` lets tests put
messages in, set faults and read the ledger of all that was sent. All truth is on disk.

May import: nothing of ours.
Tests: tests/emulator/ (no browser), tests/system/test_emulator.py (Chromium and wa-js).
"""

from bot.emulator.server import Emulator, serve

__all__ = ["Emulator", "serve"]
