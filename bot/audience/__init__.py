"""Whom the business knows: people read from tables, and written out as tables.

`sheets` opens a file, `columns` tells what its columns mean, `cells` what a row says, `importing`
does it all; `exporting` writes tables.

May import: domain, language, store.
Tests: tests/audience.
"""
