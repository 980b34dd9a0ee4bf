"""What the business learns: figures of a period, and the forms in which people read them.

`figures` asks the database, a module for each matter; `report` holds all of them as frozen data;
`showing` puts them into words and tables once, and `as_text`, `as_json`, `as_csv` and `as_html`
write those down. Nothing here changes anything.

May import: domain, language, store, audience; telemetry for what a terminal may be shown.
Tests: tests/reports.
"""
