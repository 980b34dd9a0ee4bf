"""Keeps other systems current: contacts and deals in HubSpot, conversations in Chatwoot.

What is to be told lies in the database (`store.crm_jobs`); a carrier a system tells it, one call
after the other, for as long as it takes. `mapping` and `chatwoot_hook` are pure.

May import: domain, config, store, webhook.
Tests: tests/crm.
"""
