"""The one place that drives WhatsApp Web: browser, page, wa-js, and what foreign data becomes.

May import: domain, ports.
Tests: tests/whatsapp, tests/system.
"""
