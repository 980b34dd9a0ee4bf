"""One person, many addresses: merged, with an undo that gives back exactly what was."""

import sqlite3
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.contacts import Consent
from bot.domain.outgoing import Why
from bot.store import contacts, drafts, erasing, identities, journal, number_checks, outbox
from tests.make import ACCOUNT, ANA, BO, NOW
from tests.stored import fresh

HIDDEN = "77700011122233@lid"
TABLES = [*journal.KEYS, "inbox", "outbox"]


def dump(db: sqlite3.Connection) -> dict[str, list[tuple]]:
    return {
        table: sorted(tuple(row) for row in db.execute(f"SELECT * FROM {table}"))
        for table in TABLES
    }  # fmt: skip


def meet(db, address, name="", **columns) -> int:
    person = contacts.meet(db, address, name, NOW).id
    for column, value in columns.items():
        db.execute(f"UPDATE contacts SET {column} = ? WHERE id = ?", (value, person))
    return person


def talk(db, person, chat, *, flow="", at=0.0, state="{}") -> None:
    db.execute(
        "INSERT INTO conversations VALUES (?,?,?,1,?,?,'',NULL,?,0,'')",
        (ACCOUNT, chat, person, state, flow, at),
    )


def timer(db, chat, key) -> None:
    db.execute(
        "INSERT INTO timers (account, chat, key, kind, due_at, payload, cancel_on_reply, late)"
        " VALUES (?,?,?,'flow',9,'{}',0,NULL)",
        (ACCOUNT, chat, key),
    )


def lead(db, person, stage, score, updated) -> None:
    db.execute(
        "INSERT INTO leads (contact_id, stage, score, owner, fields, notes, created_at, updated_at)"
        " VALUES (?,?,?,'','{}','[]',?4,?4)",
        (person, stage, score, updated),
    )


def tag(db, person, name) -> None:
    db.execute("INSERT INTO tags VALUES (?,?,?)", (person, name, 5.0))


def tags_of(db, person) -> set[str]:
    return {row[0] for row in db.execute("SELECT tag FROM tags WHERE contact_id = ?", (person,))}


def test_all_that_two_people_have_is_one_persons_after_a_merge(db):
    ana = meet(db, ANA, "Ana", language="pt", fields='{"city": "Rio"}')
    other = meet(db, HIDDEN, "ana s", consent="given", fields='{"city": "x", "size": 4}')
    tag(db, ana, "vip")
    tag(db, other, "new")
    lead(db, ana, "open", 10, 1)
    lead(db, other, "won", 5, 2)
    talk(db, other, HIDDEN, flow="order")

    identities.merge(db, ana, other, "ben", NOW)

    person = contacts.find(db, HIDDEN)
    assert person == contacts.find(db, ANA)
    assert (person.id, person.name, person.language) == (ana, "Ana", "pt")
    assert (person.fields, person.consent) == ({"city": "Rio", "size": 4}, Consent.GIVEN)
    assert person.tags == {"vip", "new"}
    row = db.execute("SELECT contact_id, stage, score FROM leads").fetchall()
    assert [tuple(one) for one in row] == [(ana, "won", 10)]
    assert db.execute("SELECT contact_id FROM conversations").fetchone()[0] == ana


@pytest.mark.parametrize("withdrawn", ["kept", "gone"])
def test_what_was_withdrawn_under_one_address_is_withdrawn_under_all(db, withdrawn):
    consent = {"kept": "given", "gone": "given", withdrawn: "withdrawn"}
    kept = meet(db, ANA, consent=consent["kept"])
    gone = meet(db, BO, consent=consent["gone"])

    identities.merge(db, kept, gone, "ben", NOW)

    assert contacts.find(db, BO).consent is Consent.WITHDRAWN


def test_a_hidden_address_is_learned_and_its_talk_goes_on_under_the_number(db):
    person = meet(db, HIDDEN, "Ana")
    talk(db, person, HIDDEN, flow="order", state='{"frames": []}')
    timer(db, HIDDEN, "reminder")

    assert identities.learn(db, ACCOUNT, HIDDEN, ANA, NOW)

    assert contacts.find(db, ANA).id == person
    assert contacts.find(db, ANA).number == "+5511987654321"
    assert db.execute("SELECT chat, flow FROM conversations").fetchone()[:] == (ANA, "order")
    assert db.execute("SELECT chat FROM timers").fetchone()[0] == ANA
    (entry,) = journal.entries(db)
    assert (entry["by"], entry["kept"], entry["merged"]) == ("WhatsApp", person, None)


def test_what_waits_to_leave_goes_before_what_is_said_under_the_number(db):
    meet(db, HIDDEN, "Ana")
    for cause, chat in (("a", HIDDEN), ("b", HIDDEN), ("c", ANA)):
        if chat == ANA:
            identities.learn(db, ACCOUNT, HIDDEN, ANA, NOW)
        draft = drafts.Draft(
            account=ACCOUNT, chat=chat, text=cause, why=Why.ANSWER, by="rule:x", due_at=NOW
        )
        drafts.reserve(db, b"secret", cause, [draft], NOW)

    (first,) = outbox.next_due(db, ACCOUNT, NOW, 10)
    assert (first.text, first.chat) == ("a", ANA)
    outbox.hand(db, [first.id], 1, NOW)
    outbox.doubt(db, first.id, "cut off")
    assert outbox.next_due(db, ACCOUNT, NOW, 10) == []
    assert outbox.cancel_pending(db, ACCOUNT, ANA, "a person answered", NOW) == 2


def test_what_is_learned_of_nobody_is_learned_later(db):
    assert not identities.learn(db, ACCOUNT, HIDDEN, ANA, NOW)
    person = meet(db, ANA)

    assert identities.learn(db, ACCOUNT, HIDDEN, ANA, NOW)
    assert contacts.find(db, HIDDEN).id == person
    assert identities.learn(db, ACCOUNT, HIDDEN, ANA, NOW)
    assert journal.entries(db) == []


@pytest.mark.parametrize(
    ("hidden", "open_", "goes_on"),
    [
        ({"flow": "order"}, {"at": 9.0}, HIDDEN),
        ({"at": 9.0}, {"flow": "order"}, ANA),
        ({"at": 9.0}, {"at": 1.0}, HIDDEN),
        ({"at": 1.0}, {"at": 1.0}, ANA),
    ],
)
def test_of_two_talks_the_one_under_way_goes_on(db, hidden, open_, goes_on):
    talk(db, meet(db, HIDDEN), HIDDEN, state=f'"{HIDDEN}"', **hidden)
    talk(db, meet(db, ANA), ANA, state=f'"{ANA}"', **open_)
    before = dump(db)

    identities.learn(db, ACCOUNT, HIDDEN, ANA, NOW)

    row = db.execute("SELECT state FROM conversations WHERE chat = ?", (ANA,)).fetchone()
    assert row["state"] == f'"{goes_on}"'
    journal.undo(db, journal.entries(db)[0]["id"], NOW)
    assert dump(db) == before


def test_merges_are_undone_from_the_last_to_the_first(db):
    ana, bo, hidden = meet(db, ANA), meet(db, BO), meet(db, HIDDEN)
    first = identities.merge(db, ana, bo, "ben", NOW)
    second = identities.merge(db, ana, hidden, "ben", NOW)

    assert journal.hindrance(db, first) == f"merge {second} came after it; undo that one first"
    assert journal.hindrance(db, 99) == "there is no merge 99"
    assert journal.latest_of(db, ana) == second
    journal.undo(db, second, NOW)
    assert journal.hindrance(db, second) == f"merge {second} is undone already"
    assert journal.hindrance(db, first) == ""
    assert journal.latest_of(db, ana) == first


def test_what_changed_after_a_merge_outlives_its_undo(db):
    ana, bo = meet(db, ANA, "Ana", language="pt"), meet(db, BO, "Bo")
    tag(db, bo, "new")
    entry = identities.merge(db, ana, bo, "ben", NOW)
    db.execute("UPDATE contacts SET language = 'en' WHERE id = ?", (ana,))
    tag(db, ana, "later")

    journal.undo(db, entry, NOW + timedelta(hours=1))

    assert contacts.find(db, ANA).language == "en"
    assert contacts.find(db, BO).name == "Bo"
    assert (tags_of(db, ana), tags_of(db, bo)) == ({"later"}, {"new"})


def test_nobody_gets_the_number_of_one_who_may_come_back(db):
    ana, bo = meet(db, ANA, "Ana"), meet(db, BO, "Bo")
    entry = identities.merge(db, ana, bo, "ben", NOW)
    stranger = meet(db, "5511000000000@c.us")

    journal.undo(db, entry, NOW)
    assert stranger not in (ana, bo)
    assert contacts.find(db, BO).id == bo


def test_an_erased_person_stands_in_no_merge_and_no_check(db):
    ana, bo = meet(db, ANA, "Ana"), meet(db, BO, "Bo Secret")
    identities.merge(db, ana, bo, "ben", NOW)
    number_checks.note(db, "+5511987654321", ANA, NOW)

    erasing.erase(db, ana)

    assert journal.entries(db) == []
    assert db.execute("SELECT count(*) FROM number_checks").fetchone()[0] == 0


CHATS = [f"55119000000{n:02d}@c.us" for n in range(5)]
LIDS = [f"999000{n}@lid" for n in range(5)]
NAMES = st.sampled_from(["", "Ana", "Bo", "Caio"])
PEOPLE = st.lists(
    st.fixed_dictionaries({
        "name": NAMES,
        "consent": st.sampled_from(["unknown", "given", "withdrawn"]),
        "language": st.sampled_from([None, "pt", "en"]),
        "tags": st.sets(st.sampled_from(["vip", "new", "cold"])),
        "lead": st.none() | st.tuples(st.sampled_from(["open", "won"]), st.integers(0, 9)),
        "talks": st.sets(st.sampled_from(["number", "hidden"])),
        "flow": st.sampled_from(["", "order"]),
        "hidden": st.booleans(),
        "timers": st.sets(st.sampled_from(["a", "b"])),
    }),
    min_size=2, max_size=5,
)  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(["merge", "learn"]), st.integers(0, 4), st.integers(0, 4)),
    min_size=1, max_size=6,
)  # fmt: skip


def settle(db, people) -> None:
    for n, one in enumerate(people):
        address = LIDS[n] if one["hidden"] else CHATS[n]
        person = meet(db, address, one["name"], consent=one["consent"], language=one["language"])
        for name in one["tags"]:
            tag(db, person, name)
        if one["lead"] is not None:
            lead(db, person, *one["lead"], n)
        for where in one["talks"]:
            chat = CHATS[n] if where == "number" else LIDS[n]
            talk(db, person, chat, flow=one["flow"], at=float(n))
            for name in one["timers"]:
                timer(db, chat, name)


def step(db, what, one, other) -> None:
    if what == "learn":
        identities.learn(db, ACCOUNT, LIDS[one], CHATS[other], NOW)
        return
    ids = [row[0] for row in db.execute("SELECT id FROM contacts ORDER BY id")]
    kept, gone = ids[one % len(ids)], ids[other % len(ids)]
    if kept != gone:
        identities.merge(db, kept, gone, "ben", NOW)


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(people=PEOPLE, steps=STEPS)
def test_an_undo_gives_back_exactly_what_was(people, steps):
    db = fresh()
    settle(db, people)
    states = []
    for what, one, other in steps:
        before, known = dump(db), len(journal.entries(db))
        step(db, what, one, other)
        states += [before] * (len(journal.entries(db)) - known)
    for before in reversed(states):
        entry = next(e["id"] for e in journal.entries(db) if e["undone_at"] is None)
        assert journal.hindrance(db, entry) == ""
        journal.undo(db, entry, NOW)
        now = dump(db)
        assert set(before.pop("identities")) <= set(now.pop("identities"))
        assert now == before
    db.close()
