"""What did not arrive is named, leaves again under its id, or is let go."""

from datetime import timedelta

import pytest

from bot.domain.outgoing import OutboxState, Why
from bot.domain.receipts import SENT, Receipt
from bot.store import counting, drafts, lost_key, outbox, retention, undelivered
from tests.make import ACCOUNT, ANA, NOW
from tests.stored import fresh

SECRET = b"secret"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def db():
    db = fresh()
    yield db
    db.close()


def put(db, text="hi", *, cause="c", why=Why.ANSWER):
    """Hand a message to the page; return its id."""
    draft = drafts.Draft(
        account=ACCOUNT, chat=ANA, text=text, why=why, by="rule:x", due_at=NOW
    )  # fmt: skip
    drafts.reserve(db, SECRET, cause, [draft], NOW)
    outbox.hand(db, [row_of(db, text)], 1, NOW)
    return drafts.reserve_id(SECRET, cause, 0)


def row_of(db, text):
    return db.execute("SELECT id FROM outbox WHERE text = ?", (text,)).fetchone()["id"]


def failed(db, text="hi", **more):
    id_ = put(db, text, **more)
    outbox.give_up(db, row_of(db, text), "WhatsApp refused it", NOW)
    return id_


def stuck(db, text="hi", reason="at WhatsApp's clock", **more):
    id_ = put(db, text, **more)
    outbox.stick(db, row_of(db, text), reason)
    return id_


def counted(db):
    return {state: number for state, number in outbox.counts(db).items() if number}


def test_each_is_named_with_its_reason_and_what_to_do(db):
    no, clock = failed(db, "no", cause="a"), stuck(db, "clock", cause="b")
    put(db, "on its way", cause="c")

    first, second = undelivered.list_undelivered(db)

    assert (first["id"], first["state"], first["reason"], first["text"]) == (
        no, "failed", "WhatsApp refused it", "no"
    )  # fmt: skip
    assert f"alexia outbox retry {no}" in first["next"]
    assert (second["id"], second["state"], second["by"]) == (clock, "stuck", "rule:x")
    assert "on the phone" in second["next"]
    assert second["dropped"] is None


def test_what_failed_leaves_again_under_its_id_as_if_for_the_first_time(db):
    id_ = failed(db)

    assert undelivered.retry(db, [id_], LATER) == undelivered.Retried(done=1, kept={})

    (again,) = outbox.next_due(db, ACCOUNT, LATER, 10)
    assert (again.message_id, again.attempts) == (id_, 0)
    assert counted(db) == {"reserved": 1}


def test_what_is_stuck_leaves_again_only_when_that_is_wanted(db):
    id_ = stuck(db)

    first = undelivered.retry(db, None, LATER)
    assert (first.done, list(first.kept)) == (0, [id_])
    assert "twice" in first.kept[id_]

    assert undelivered.retry(db, [id_], LATER, stuck=True).done == 1
    assert counted(db) == {"reserved": 1}


def test_what_was_let_go_counts_no_more_and_is_kept_with_who_and_when(db):
    id_ = failed(db)

    assert undelivered.drop(db, [id_], "command:bea", LATER) == 1

    assert counted(db) == {}
    assert {state: n for state, n in counting.states(db, "outbox").items() if n} == {"dropped": 1}
    assert undelivered.list_undelivered(db) == []
    (kept,) = undelivered.list_undelivered(db, dropped=True)
    assert kept["dropped"] == {"at": LATER.isoformat(), "by": "command:bea"}
    assert kept["next"] is None
    assert undelivered.drop(db, None, "command:bo", LATER) == 0


def test_what_was_let_go_may_be_sent_again_by_its_id_alone(db):
    id_ = failed(db)
    undelivered.drop(db, None, "command:bea", LATER)

    assert undelivered.retry(db, None, LATER).done == 0
    assert undelivered.retry(db, [id_], LATER).done == 1
    outbox.hand(db, [row_of(db, "hi")], 1, LATER)
    outbox.give_up(db, row_of(db, "hi"), "again", LATER)
    assert counted(db) == {"failed": 1}


def test_what_was_let_go_does_not_leave_with_the_rest_of_its_campaign(db):
    there = stuck(db, "there", outbox.UNKNOWN_FATE, cause="campaign|7|1", why=Why.CAMPAIGN)
    stuck(db, "lost", outbox.UNKNOWN_FATE, cause="campaign|7|2", why=Why.CAMPAIGN)
    undelivered.drop(db, [there], "command:bea", NOW)

    assert outbox.count_unknown(db, "rule:x") == 1
    assert outbox.repeat_unknown(db, "rule:x", LATER) == 1
    assert counted(db) == {"reserved": 1}


def test_a_receipt_of_what_was_let_go_still_counts(db):
    id_ = stuck(db)
    undelivered.drop(db, [id_], "command:bea", NOW)

    outbox.note_receipt(db, Receipt(account=ACCOUNT, chat=ANA, id=id_, ack=SENT, at=LATER))

    (row,) = undelivered.list_undelivered(db, [OutboxState.SENT], dropped=True)
    assert row["state"] == "sent"


def test_nothing_more_leaves_of_a_campaign_that_was_stopped(db):
    db.execute(
        "INSERT INTO campaign_runs VALUES (7, 'spring', ?, 0, '', '', 'stopped', '', 0, 0)",
        (ACCOUNT,),
    )
    id_ = failed(db, cause="campaign|7|1", why=Why.CAMPAIGN)

    assert "stopped" in undelivered.retry(db, [id_], LATER).kept[id_]


def test_words_that_are_gone_with_their_key_are_not_sent(db):
    id_ = stuck(db, "•••", reason=lost_key.WHY)

    assert "alexia send" in undelivered.retry(db, [id_], LATER, stuck=True).kept[id_]


def test_what_arrived_is_neither_sent_again_nor_let_go(db):
    id_ = put(db)
    outbox.note_receipt(db, Receipt(account=ACCOUNT, chat=ANA, id=id_, ack=SENT, at=NOW))

    assert undelivered.retry(db, [id_], LATER, stuck=True).done == 0
    assert undelivered.drop(db, [id_], "command:bea", LATER) == 0


def test_what_was_let_go_is_forgotten_in_its_time(db):
    undelivered.drop(db, [stuck(db)], "command:bea", NOW)
    keep = retention.Keep(messages=timedelta(days=1), traces=timedelta(days=1))

    retention.expire(db, keep, NOW + timedelta(days=2))

    assert undelivered.list_undelivered(db, dropped=True) == []
