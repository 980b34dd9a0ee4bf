"""`edit: {last: …}` and `delete: last` mean the last message of ours, those just said included."""

import json

import pytest

from tests.make import message

RULES = """\
version: 1
rules:
  - {id: hello, when: {keyword: hello}, do: {reply: Hello!}}
  - {id: fix, when: {keyword: fix}, do: {CHANGE}}
  - id: both
    when: {keyword: both}
    do: [{reply: First}, {reply: Second}, {CHANGE}]
"""
CHANGES = pytest.mark.parametrize("change", ["edit: {last: Better}", "delete: last"])


async def target_of_the_last(at):
    """Return the text of the message that the last row of the outbox changes; None: no change."""

    def read(db):
        rows = db.execute("SELECT message_id, text, body FROM outbox ORDER BY id").fetchall()
        texts = {row["message_id"]: row["text"] for row in rows}
        return texts.get(json.loads(rows[-1]["body"] or "{}").get("target"))

    return await at.database.read(read)


@CHANGES
async def test_what_the_same_turn_said_last_is_changed(office, change):
    at = office(RULES.replace("CHANGE", change))
    await at.take(message("hello", id="M1"))

    await at.take(message("both", id="M2"))

    assert await target_of_the_last(at) == "Second"


@CHANGES
async def test_a_turn_that_says_nothing_changes_what_an_earlier_one_said(office, change):
    at = office(RULES.replace("CHANGE", change))
    await at.take(message("hello", id="M1"))

    await at.take(message("fix", id="M2"))

    assert await target_of_the_last(at) == "Hello!"
