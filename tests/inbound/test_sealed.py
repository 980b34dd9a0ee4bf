"""What is sensitive is never readable in the files of the database, and opens again where it is."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import KeyRefused, SealBroken
from bot.domain.messages import Location, MessageKind
from bot.domain.turns import CallAnswered
from bot.store import (
    calls,
    contacts,
    conversations,
    inbox,
    leads,
    timers,
    variables,
)
from bot.store.database import Database
from bot.store.keyring import FILE_NAME
from tests.inbound.conftest import Office
from tests.make import ACCOUNT, ANA, BO, NOW, message

PIN = "zanzibar4711"
PLACE = Location(latitude=-23.561414, longitude=-46.655881, text="")
RULES = """\
version: 1
teams: {desk: [{name: Eva, number: "+5511900000077"}]}
fields: {last_pin: {type: text}, heard: {type: text}}
vars: {latest: {type: text, default: ""}}
rules:
  - {id: hours, when: {keyword: hours}, do: {reply: From 9 to 5.}, during_flow: answer}
  - {id: heard, when: {event: paid}, do: {set: {contact.heard: "$(pin)"}}}
  - {id: log, when: {event: message.in}, do: {lead: {note: "wrote $(message.text)"}}}
flows:
  pay:
    when: [{keyword: pay}, {pattern: "my pin is {pin}"}]
    slots:
      pin:
        type: text
        regex: 'zanzibar\\d{4}'
        ask: "Your PIN, please?"
        sensitive: true
        confirm: true
        scope: contact
      home: {type: location, ask: "Where do you live?", sensitive: true}
      note: {type: text, ask: "What for?"}
    steps:
      - ask: pin
      - ask: home
      - set: {copy: $(pin), contact.last_pin: "it was $(pin)", vars.latest: $(pin)}
      - call: check
        with: {code: $(pin)}
        save: checked
      - http:
          method: POST
          url: "https://bank.example/pay/$(pin)"
          headers: {X-Pin: $(pin)}
          json: {pin: $(pin), more: [$(pin)]}
          save: {answer: $.echo}
      - reply: "The PIN $(pin) is right: $(answer)."
      - reply: {text: "Yours?", buttons: ["$(pin)", "No"]}
      - edit: {last: "Changed: $(pin)"}
      - notify: {to: desk, text: "Ana pays with $(pin)"}
      - lead: {stage: paid, fields: {pin: $(pin)}, note: "paid with $(pin)"}
      - emit: {event: paid, data: {pin: $(pin), sum: 3}}
      - each: {of: "$([pin, copy])", as: one, do: [{reply: "One is $(one)."}]}
      - later: {in: 1h, id: again, cancel_on: never, do: {reply: "Still $(pin)?"}}
      - ask: note
      - handoff: {team: desk, note: "pin $(pin)", mute: 1h}
  check:
    private: true
    slots: {code: {type: text}, sure: {type: yes_no, ask: Sure?}}
    steps: [{ask: sure}, {end: $(code)}]
"""


@pytest.fixture
def at(office) -> Office:
    return office(RULES)


def bytes_at_rest(database: Database) -> bytes:
    """Return all bytes of the database's files, those of the log among them."""
    return b"".join(Path(database.path + end).read_bytes() for end in ("", "-wal", "-shm"))


def shown_in(database: Database) -> list[str]:
    raw = bytes_at_rest(database)
    wanted = (PIN, PIN.upper(), "it was " + PIN, "23.561414", "46.655881")
    return [one for one in wanted if one.encode() in raw]


async def talk(at: Office) -> None:
    """Play the flow to its end, and look into the files again and again."""
    for number, text in enumerate(("pay", "12", "hours", PIN, "yes")):
        await at.take(message(text, id=f"M{number}"))
        assert shown_in(at.database) == []
    place = message("", id="M5", kind=MessageKind.LOCATION, location=PLACE)
    await at.take(place)
    await at.take(message("yes", id="M6"))
    (call,) = await at.database.read(lambda db: calls.next_due(db, at.now, 9))
    assert call.json == {"pin": PIN, "more": [PIN]}
    assert call.url.endswith(PIN)
    answered = CallAnswered(key=call.key, status=200, body={"echo": "ok", "pin": PIN})
    await at.database.write(lambda db: calls.answer(db, answered))
    await go_on(at)
    await at.take(message("a gift", id="M7"))


async def go_on(at: Office) -> None:
    while await at.pipeline.step((ACCOUNT, ANA)):
        pass


async def test_no_byte_of_it_is_readable_after_a_whole_conversation(at):
    await talk(at)
    at.at(at.now + timedelta(hours=2))
    await go_on(at)

    assert shown_in(at.database) == []
    assert await at.said(ANA) == [
        "Your PIN, please?", "Your PIN, please?", "From 9 to 5.", "Your PIN, please?",
        f"{PIN}: is that right?", "Where do you live?", "Sure?", f"The PIN {PIN} is right: ok.",
        f"Yours?\n1. {PIN}\n2. No", "", f"One is {PIN}.", f"One is {PIN}.", "What for?",
        f"Still {PIN}?",
    ]  # fmt: skip


async def test_what_waits_and_is_kept_opens_again(at):
    await talk(at)
    db = at.database
    contact = await db.read(lambda db: contacts.find(db, ANA))
    lead = await db.read(lambda db: leads.load(db, contact.id, NOW))
    state = await db.read(lambda db: conversations.load(db, ACCOUNT, ANA))
    shared = await db.read(variables.load_all)
    due = await db.read(lambda db: timers.next_due(db, ACCOUNT, ANA, NOW + timedelta(days=1)))

    assert contact.fields == {"pin": PIN, "last_pin": f"it was {PIN}", "heard": PIN}
    assert contact.sensitive == {"pin", "last_pin", "heard"}
    assert (lead.fields, lead.sensitive) == ({"pin": PIN}, {"pin"})
    assert "•••" in lead.notes
    assert (state.handoff.note, state.handoff.is_note_sensitive) == (f"pin {PIN}", True)
    assert shared == ({"latest": PIN}, {"latest"})
    assert due.fired.payload["values"]["pin"] == PIN


async def test_in_the_middle_of_the_flow_it_outlives_the_process(at, tmp_path):
    await at.take(message("pay", id="A"), message(PIN, id="B"))
    at.database.close()
    again = Database(at.database.path)
    at.pipeline._database = at.database = again
    await at.take(message("yes", id="C"))

    assert (await at.said())[-2:] == [f"{PIN}: is that right?", "Where do you live?"]
    again.close()


async def test_a_message_that_waits_is_sealed_and_other_messages_are_shown_once_decided(at):
    await at.take(message("pay", id="A"))
    arrived = [message(PIN, id="B"), message("hours", id="C"), message("x", id="D", chat=BO)]
    await at.database.write(lambda db: inbox.record_all(db, arrived, NOW))

    def texts(db):
        return [row["text"] for row in db.execute("SELECT text FROM inbox ORDER BY id")]

    waiting = await at.database.read(texts)
    await go_on(at)

    assert waiting == ["pay", "•••", "•••", "x"]
    assert await at.database.read(texts) == ["pay", "•••", "hours", "x"]
    assert shown_in(at.database) == []


async def test_where_any_message_may_say_it_all_are_sealed_until_decided(at):
    assert at.pipeline.book.compiled.is_guarded
    told = [message(f"my pin is {PIN}", id="A")]
    await at.database.write(lambda db: inbox.record_all(db, told, NOW, guarded=True))
    await go_on(at)
    await at.database.write(
        lambda db: inbox.record_all(db, [message("hello", id="B", chat=BO)], NOW, guarded=True)
    )
    while await at.pipeline.step((ACCOUNT, BO)):
        pass
    texts = await at.database.read(
        lambda db: [row["text"] for row in db.execute("SELECT text FROM inbox ORDER BY id")]
    )

    assert shown_in(at.database) == []
    assert texts == ["•••", "hello"]


async def test_a_quote_of_it_is_not_kept(at):
    await talk(at)
    said = await at.database.read(
        lambda db: db.execute("SELECT message_id FROM outbox WHERE sealed != ''").fetchone()[0]
    )
    quote = message("what?", id="Q", quoted_id=said, quoted_text=f"The PIN {PIN} is right.")
    await at.take(quote)

    assert shown_in(at.database) == []


async def test_a_value_that_is_put_elsewhere_does_not_open(at):
    await at.take(message("pay", id="A"), message(PIN, id="B"), message("yes", id="C"))
    await at.take(message("hello", id="D", chat=BO))

    def swap(db):
        db.execute(
            "UPDATE contacts SET fields = (SELECT fields FROM contacts WHERE id = 1) WHERE id = 2"
        )
        db.execute(
            "UPDATE conversations SET state = (SELECT state FROM conversations WHERE chat = ?)"
            " WHERE chat = ?",
            (ANA, BO),
        )

    await at.database.write(swap)

    with pytest.raises(SealBroken, match="was changed or moved"):
        await at.database.read(lambda db: contacts.find(db, BO))
    with pytest.raises(SealBroken, match="conversations"):
        await at.database.read(lambda db: conversations.load(db, ACCOUNT, BO))


def test_the_key_is_its_owners_alone_and_needed(tmp_path):
    Database(tmp_path / "alexia.db").close()
    key = tmp_path / FILE_NAME
    assert key.stat().st_mode & 0o777 == 0o600
    before = key.read_text()

    key.unlink()
    with pytest.raises(KeyRefused) as missing:
        Database(tmp_path / "alexia.db")
    key.write_text("ab" * 32)
    with pytest.raises(KeyRefused) as wrong:
        Database(tmp_path / "alexia.db")
    key.write_text(before)
    Database(tmp_path / "alexia.db").close()

    assert str(missing.value).startswith(f"{key}: is missing; {tmp_path}/alexia.db keeps its")
    assert "Put back the key file that was kept with this database" in str(wrong.value)
