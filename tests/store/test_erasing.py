"""A person who is erased leaves nothing, in no table and in no page of the file."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.bodies import Attachment
from bot.domain.contacts import Consent
from bot.domain.conversation import Conversation, Frame
from bot.domain.effects import CallHttp, StartTimer
from bot.domain.messages import MessageKind, Origin
from bot.domain.outgoing import Why
from bot.domain.turns import EventRaised
from bot.store import (
    announcements,
    calls,
    contacts,
    conversations,
    drafts,
    erasing,
    events,
    inbox,
    media,
    timers,
    webhooks,
)
from bot.store.bodies import to_text
from bot.store.database import Database
from bot.store.erasing import OURS, PERSONAL, erase
from bot.store.media_files import MediaFiles
from bot.store.retention import BATCH, Keep, expire
from tests.make import ACCOUNT, ANA, BO, NOW, message

SECRET = "swordfishofana"  # one word, as the index of words keeps it
NUMBER = "5511987654321"
GROUP = "120363000000000001@g.us"
TEAM = "5511900000009@c.us"


def fill(db, chat, secret, name):
    """Everything that may be kept of a person, each holding a secret of theirs."""
    told = message(f"my secret is {secret}", chat=chat, id=f"IN-{name}")
    inbox.record_all(db, [told], NOW)
    person = contacts.meet(db, chat, f"{name} {secret}", NOW)
    held = json.dumps({"x": secret})
    db.execute("INSERT INTO identities VALUES (?, ?)", (f"{name}77@lid", person.id))
    db.execute(
        "UPDATE contacts SET fields = ? WHERE id = ?", (json.dumps({"x": secret}), person.id)
    )
    db.execute(
        "INSERT INTO profiles VALUES (?,?,?,'','',0,1,0,?,?,?,NULL,0)",
        (chat, secret, secret, secret, f"face-{name}", secret),
    )
    db.execute("INSERT INTO tags VALUES (?, ?, 0)", (person.id, secret))
    db.execute(
        "INSERT INTO leads (contact_id, stage, score, owner, fields, notes, created_at, updated_at)"
        " VALUES (?, 'new', 1, '', ?, ?, 0, 0)",
        (person.id, held, json.dumps([secret])),
    )
    db.execute(
        "INSERT INTO conversations VALUES (?,?,?,1,?,'','',NULL,NULL,0,'')",
        (ACCOUNT, chat, person.id, json.dumps({"last_reply": secret})),
    )
    db.execute(
        "INSERT INTO traces (account, chat, contact_id, cause, event, at, winner, milliseconds,"
        " lines, effects, errors, rulebook) VALUES (?,?,?,?,'message',?,'x',0,?,'[]','[]','')",
        (ACCOUNT, chat, person.id, str(told.key), NOW.timestamp(), json.dumps([secret])),
    )
    db.execute(
        "INSERT INTO waits (account, chat, contact_id, sla, since, due_at, team, member, how, by,"
        " waited) VALUES (?,?,?,'answer',0,60,'','','','',0)",
        (ACCOUNT, chat, person.id),
    )
    reply = drafts.Draft(account=ACCOUNT, chat=chat, text=f"you said {secret}", why=Why.ANSWER,
                         by="rule:x", due_at=NOW)  # fmt: skip
    notice = drafts.Draft(account=ACCOUNT, chat=TEAM, text=f"{name} says {secret}", why=Why.NOTIFY,
                          by="rule:x", due_at=NOW)  # fmt: skip
    drafts.reserve(db, b"s", str(told.key), [reply, notice], NOW)
    timer = StartTimer(key="later:x", kind="later", due=NOW, payload={"say": secret})
    timers.start(db, ACCOUNT, chat, timer)
    call = CallHttp(key=f"call-{name}", method="POST", url="https://x/", json={"say": secret})
    calls.reserve(db, ACCOUNT, chat, call, NOW)
    event = EventRaised(name="lead.created", data={"say": secret})
    events.queue(db, ACCOUNT, chat, event, NOW, f"event|{name}")
    announcements.note(db, ACCOUNT, chat, "lead.created", {"say": secret})
    payload = json.dumps({"payload": {"from": chat, "body": secret}})
    webhooks.post(db, "https://x/", f"evt-{name}", "message", payload, NOW)
    return person.id


def group(db, chat, secret):
    """What a person wrote in a group, and what others quote of it."""
    for number, sender in ((1, chat), (2, BO)):
        db.execute(
            "INSERT INTO inbox (account, chat, participant, message_id, sender, sender_name, text,"
            " kind, sent_at, received_at, from_me, origin, extra, state, attempts, detail)"
            " VALUES (?,?,?,?,?,'',?,'text',0,0,0,'live',?,'decided',0,'')",
            (
                ACCOUNT, GROUP, sender, f"G{number}", sender, secret if number == 1 else "indeed",
                json.dumps({"quoted": "G1", "quoted_text": secret}) if number == 2 else "",
            ),
        )  # fmt: skip


def beside(db, chat):
    """What is known of somebody beside the talk."""
    members = json.dumps([[chat, True, True], [BO, False, False]])
    db.execute(
        "INSERT INTO groups VALUES (?,?,'Team','',?,NULL,?,1,0,0)", (ACCOUNT, GROUP, chat, members)
    )
    db.execute("INSERT INTO labels VALUES (?,?,'vip')", (ACCOUNT, chat))
    db.execute("INSERT INTO presence VALUES (?,1,0)", (chat,))
    said = drafts.Draft(
        account=ACCOUNT, chat=GROUP, text="Here", why=Why.ANSWER, by="", due_at=NOW,
        mentions=(chat,),
    )  # fmt: skip
    drafts.reserve(db, b"secret", "other", [said], NOW)
    db.execute(
        "INSERT INTO receipts SELECT message_id, ?, 3, 0 FROM outbox WHERE text = 'Here'", (chat,)
    )


def tables(db):
    rows = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {row[0] for row in rows if not row[0].startswith("sqlite_")}


def holding(path, words):
    """Return where any of these words stands in a database: tables with their columns."""
    db = sqlite3.connect(path)
    found = set()
    for table in tables(db):
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        for column in columns:
            for word in words:
                query = f"SELECT count(*) FROM {table} WHERE instr(CAST({column} AS TEXT), ?)"
                if db.execute(query, (word,)).fetchone()[0]:
                    found.add(f"{table}.{column}")
    db.close()
    return found


def bytes_of(path):
    return b"".join(Path(path + end).read_bytes() for end in ("", "-wal", "-shm"))


@pytest.fixture
async def kept(tmp_path):
    database = Database(tmp_path / "alexia.db")

    def everything(db):
        ana = fill(db, ANA, SECRET, "Ana")
        fill(db, BO, "secret-of-bo", "Bo")
        group(db, ANA, SECRET)
        beside(db, ANA)
        return ana

    database.ana = await database.write(everything)
    yield database
    database.close()


async def test_no_text_and_no_number_of_an_erased_person_is_left_in_any_table(kept):
    words = (SECRET, NUMBER, "Ana77@lid")
    assert len(holding(kept.path, words)) >= 20
    await kept.write(lambda db: erase(db, kept.ana))

    assert holding(kept.path, words) == set()


async def test_nothing_is_left_in_the_pages_of_the_file(kept):
    await kept.write(lambda db: erase(db, kept.ana))
    await kept.scrub()

    raw = bytes_of(kept.path)

    assert SECRET.encode() not in raw
    assert NUMBER.encode() not in raw


async def test_everybody_else_keeps_everything(kept):
    before = holding(kept.path, ("secret-of-bo",))
    await kept.write(lambda db: erase(db, kept.ana))

    assert holding(kept.path, ("secret-of-bo",)) == before
    left = await kept.read(lambda db: db.execute("SELECT members FROM groups").fetchone()[0])
    assert json.loads(left) == [[BO, False, False]]
    texts = await kept.read(lambda db: [r["text"] for r in db.execute("SELECT text FROM inbox")])
    assert sorted(texts) == ["indeed", "my secret is secret-of-bo"]


async def test_who_opted_out_has_still_opted_out_when_they_write_again(kept):
    await kept.write(lambda db: db.execute("UPDATE contacts SET consent = 'withdrawn'"))
    await kept.write(lambda db: erase(db, kept.ana))
    assert holding(kept.path, (NUMBER,)) == set()
    again = await kept.write(lambda db: contacts.meet(db, ANA, "", NOW))

    assert again.consent is Consent.WITHDRAWN


async def test_who_allowed_it_again_is_asked_like_anybody(kept):
    def back_and_erased(db):
        db.execute("UPDATE contacts SET consent = 'withdrawn' WHERE id = ?", (kept.ana,))
        erase(db, kept.ana)
        again = contacts.meet(db, ANA, "", NOW)
        db.execute("UPDATE contacts SET consent = 'given' WHERE id = ?", (again.id,))
        erase(db, again.id)
        return contacts.meet(db, ANA, "", NOW)

    assert (await kept.write(back_and_erased)).consent is Consent.UNKNOWN


async def test_their_files_go_and_a_file_that_others_sent_too_stays(kept, tmp_path):
    files = MediaFiles(tmp_path)
    own, shared = tmp_path / "own", tmp_path / "shared"
    own.write_bytes(b"a picture of Ana")
    shared.write_bytes(b"a picture of the sea")
    hashes = [files.copy(own), files.copy(shared)]

    def attach(db):
        for number, (chat, kept_as) in enumerate(
            [(ANA, hashes[0]), (ANA, hashes[1]), (BO, hashes[1])]
        ):
            one = message("", id=f"F{number}", chat=chat, kind=MessageKind.IMAGE)
            inbox.record_all(db, [one], NOW)
            row = media.find_row(db, f"F{number}")
            media.stored(db, row, sha256=kept_as, size=1, mimetype="", filename="x", now=NOW)
        body = to_text(Attachment(kind=MessageKind.IMAGE, name="x", kept=hashes[0]))
        db.execute("UPDATE outbox SET body = ? WHERE chat = ?", (body, ANA))

    await kept.write(attach)
    erased = await kept.write(lambda db: erase(db, kept.ana))
    files.remove(erased.files)

    assert (files.path_of(hashes[0]), files.path_of(hashes[1]) is not None) == (None, True)


async def test_nobody_is_erased_where_nobody_is_known(kept):
    erased = await kept.write(lambda db: erase(db, 999))

    assert (erased.rows, erased.files) == (0, ())


async def test_every_table_is_either_looked_through_or_holds_nothing_of_a_person(kept):
    found = await kept.read(tables)
    index = {name for name in found if "_words_" in name}

    assert found - index == PERSONAL | OURS


def count(db, table):
    return db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


async def test_what_was_kept_long_enough_goes_and_what_still_waits_stays(kept):
    keep = Keep(messages=timedelta(days=30), traces=timedelta(days=7))
    later = NOW + timedelta(days=31)

    def settle(db):
        db.execute("UPDATE inbox SET state = 'decided', received_at = ?", (NOW.timestamp(),))
        db.execute("UPDATE outbox SET state = 'sent' WHERE chat = ?", (ANA,))
        db.execute("UPDATE waits SET how = 'answered', ended_at = ? WHERE chat = ?",
                   (NOW.timestamp(), ANA))  # fmt: skip
        waiting = message("still waits", id="W1")
        inbox.record_all(db, [waiting], NOW)
        return expire(db, keep, NOW + timedelta(days=8))

    assert await kept.write(settle) is False
    assert await kept.read(lambda db: (count(db, "traces"), count(db, "inbox"))) == (0, 5)
    await kept.write(lambda db: expire(db, keep, later))

    left = {table: await kept.read(lambda db, table=table: count(db, table))
            for table in ("inbox", "outbox", "deliveries", "waits")}  # fmt: skip
    assert left == {"inbox": 1, "outbox": 4, "deliveries": 0, "waits": 1}


async def test_what_is_kept_for_ever_never_goes(kept):
    keep = Keep(messages=timedelta.max, traces=timedelta.max)
    await kept.write(lambda db: expire(db, keep, NOW + timedelta(days=9999)))

    assert await kept.read(lambda db: (count(db, "inbox"), count(db, "traces"))) == (4, 2)


async def test_much_goes_batch_by_batch(kept):
    many = [message(str(n), id=f"M{n}", origin=Origin.HISTORY) for n in range(BATCH + 5)]
    await kept.write(lambda db: inbox.record_all(db, many, NOW))
    keep = Keep(messages=timedelta(days=1), traces=timedelta.max)
    later = NOW + timedelta(days=2)

    assert await kept.write(lambda db: expire(db, keep, later)) is True
    assert await kept.write(lambda db: expire(db, keep, later)) is False


def test_a_hash_of_another_database_says_nothing(tmp_path):
    first, second = Database(tmp_path / "a.db"), Database(tmp_path / "b.db")
    hashes = {
        one.read_now(lambda db: erasing._hash(db, "+5511987654321")) for one in (first, second)
    }
    first.close()
    second.close()

    assert len(hashes) == 2


async def test_flows_of_a_group_stay_without_those_of_the_person(kept):
    def frame(author, answer):
        return Frame(flow="order", step="size", version="v", author=author, slots={"size": answer})

    def settle(db):
        bo = contacts.find(db, BO)
        ana = contacts.find(db, ANA)
        both = Conversation(
            chat=GROUP, frames=(frame(ANA, SECRET), frame(BO, "small")), last_reply=SECRET
        )
        alone = Conversation(chat="120363000000000009@g.us", frames=(frame(ANA, SECRET),))
        conversations.keep(db, ACCOUNT, ana.id, both)
        conversations.keep(db, ACCOUNT, ana.id, alone)
        erase(db, ana.id)
        rows = db.execute("SELECT chat, contact_id FROM conversations WHERE chat LIKE '%@g.us'")
        return bo.id, [tuple(row) for row in rows], conversations.load(db, ACCOUNT, GROUP)

    bo, rows, left = await kept.write(settle)
    assert rows == [(GROUP, bo)]
    assert [(one.author, one.slots) for one in left.frames] == [(BO, {"size": "small"})]
    assert left.last_reply == ""
