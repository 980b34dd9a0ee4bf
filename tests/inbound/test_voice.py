"""What is said in a voice note comes as a message of the same customer, once."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.messages import Media, MessageKind
from bot.domain.turns import TurnSettings
from bot.inbound.book import make_book
from bot.inbound.voice import VoiceNotes
from bot.language.reading import read_rulebook
from bot.store import inbox, media
from tests.make import ACCOUNT, ANA, NOW, message


def voice(id="V1", **more):
    made = message("", id=id, kind=MessageKind.VOICE, **more)
    return replace(made, media=Media(kind=MessageKind.VOICE, mimetype="audio/ogg", filename=""))


def store(database, note, *, with_file=True, at=NOW):
    def work(db):
        inbox.record_all(db, [note], NOW)
        db.execute("UPDATE inbox SET state = 'decided'")
        row = media.find_row(db, note.id)
        if with_file:
            media.stored(
                db, row, sha256=f"hash of {note.id}", size=1, mimetype="audio/ogg", filename="a",
                now=at,
            )  # fmt: skip

    database.write_now(work)


@pytest.fixture
def notes(database, tmp_path):
    woken = []

    def make(hear, account=ACCOUNT):
        made = VoiceNotes(
            database, tmp_path, hear, account=lambda: account, clock=lambda: NOW, wake=woken.append
        )
        made.woken = woken
        return made

    return make


def waiting(database):
    found = database.read_now(lambda db: inbox.next_waiting(db, ACCOUNT, ANA))
    return found and found.message


async def test_the_words_of_a_voice_note_wait_as_a_text_of_its_sender(database, notes, tmp_path):
    store(database, voice())
    heard = []
    listening = notes(lambda file: heard.append(file) or "  where is\nmy order ")

    assert await listening.listen()
    told = waiting(database)

    assert heard == [tmp_path / "hash of V1"]
    assert (told.text, told.kind, told.sender, told.media) == (
        "where is my order", MessageKind.TEXT, ANA, None
    )  # fmt: skip
    assert listening.woken == [(ACCOUNT, ANA)]


async def test_a_voice_note_is_written_down_once_also_after_a_restart(database, notes):
    store(database, voice())

    assert await notes(lambda file: "hello").listen()
    assert not await notes(lambda file: pytest.fail("again")).listen()


@pytest.mark.parametrize(
    ("with_file", "at", "account"),
    [(False, NOW, ACCOUNT), (True, NOW - timedelta(hours=2), ACCOUNT), (True, NOW, None)],
)
async def test_without_a_file_too_late_or_offline_nothing_is_heard(
    database, notes, with_file, at, account
):
    store(database, voice(), with_file=with_file, at=at)

    assert not await notes(lambda file: "hello", account).listen()
    assert waiting(database) is None


async def test_what_the_bot_or_a_person_says_from_here_is_not_heard(database, notes):
    store(database, voice(from_me=True))

    assert not await notes(lambda file: "hello").listen()


async def test_a_file_that_cannot_be_read_does_not_hold_up_the_next(database, notes, caplog):
    store(database, voice("BAD"))
    store(database, voice("GOOD"))

    def hear(file):
        if file.name == "hash of BAD":
            raise ValueError("no sound")
        return "hello"

    listening = notes(hear)
    assert await listening.listen()
    assert waiting(database) is None
    assert await listening.listen()

    assert waiting(database).text == "hello"
    assert "could not be written down" in caplog.text
    assert not await listening.listen()


async def test_silence_is_no_message(database, notes):
    store(database, voice())

    assert await notes(lambda file: "  ").listen()
    assert waiting(database) is None


async def test_a_quote_and_a_reaction_are_put_on_the_note_itself(database, notes, office):
    store(database, voice())
    await notes(lambda file: "say yes").listen()
    desk = office()
    book = """\
version: 1
rules:
  - id: quoting
    when: {keyword: say}
    do: [{reply: {text: Yes, quote: true}}, {react: "👍"}]
"""
    found, _ = read_rulebook({"rules/a.yaml": book.encode()})
    desk.pipeline.book = make_book(found, TurnSettings())
    while await desk.pipeline.step((ACCOUNT, ANA)):
        pass

    rows = await database.read(lambda db: db.execute("SELECT quoted, body FROM outbox").fetchall())
    assert rows[0]["quoted"] == "V1"
    assert json.loads(rows[1]["body"])["target"] == "V1"
