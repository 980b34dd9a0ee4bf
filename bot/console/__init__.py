"""What the bot shows and takes over HTTP: health, metrics, the API, webhooks and the live feed.

The running daemon is seen through `desk.Bot` only; nothing here knows WhatsApp's page or a model.

May import: domain, language, ports, config, store, webhook.
Tests: tests/console.
"""
