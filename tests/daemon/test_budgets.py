from dataclasses import replace
from datetime import timedelta

from bot.daemon.budgets import budgets, pacing_told
from bot.delivery.governor import Governor
from bot.delivery.pacing import CAREFUL, OFF, Pace
from bot.domain.outgoing import Why
from bot.store import drafts
from tests.make import ACCOUNT, ANA, NOW

MINUTE = timedelta(minutes=1)
TWO_A_MINUTE = replace(OFF, account=(Pace(most=2, window=MINUTE),))


async def sent(database, count):
    def fill(db):
        said = [
            drafts.Draft(
                account=ACCOUNT, chat=ANA, text=str(one), why=Why.ANSWER, by="", due_at=NOW
            )
            for one in range(count)
        ]  # fmt: skip
        drafts.reserve(db, b"secret", "cause", said, NOW)
        db.execute("UPDATE outbox SET state = 'sent', handed_at = ?", (NOW.timestamp(),))

    await database.write(fill)


async def test_a_used_up_budget_says_when_the_next_may_leave(database):
    await sent(database, 2)
    later = NOW + timedelta(seconds=20)
    found = await database.read(
        lambda db: budgets(db, ACCOUNT, Governor(TWO_A_MINUTE), later)
    )  # fmt: skip

    assert found == {
        "minute": {"used": 2, "limit": 2, "next_at": (NOW + MINUTE).isoformat()},
    }


async def test_a_careful_pace_shows_what_campaigns_and_new_chats_may(database):
    found = await database.read(lambda db: budgets(db, ACCOUNT, Governor(CAREFUL), NOW))

    assert {name: one["limit"] for name, one in found.items()} == {
        "minute": 20, "hour": 600, "campaigns_hour": 60, "campaigns_day": 20, "new_chats_day": 5,
    }  # fmt: skip


async def test_without_limits_there_are_no_budgets(database):
    assert await database.read(lambda db: budgets(db, ACCOUNT, Governor(OFF), NOW)) == {}


async def test_what_waits_is_told_with_its_reason_also_before_a_login(database):
    await sent(database, 1)
    await database.write(
        lambda db: db.execute("UPDATE outbox SET state = 'reserved', held_why = 'quiet hours'")
    )

    told = await database.read(lambda db: pacing_told(db, None, Governor(CAREFUL), NOW))

    assert [(one["why"], one["reason"], one["messages"]) for one in told["waiting"]] == [
        ("answer", "quiet hours", 1)
    ]


async def test_what_waits_for_another_number_is_told_as_such(database):
    await sent(database, 2)
    await database.write(lambda db: db.execute("UPDATE outbox SET state = 'reserved'"))

    governor, other = Governor(CAREFUL), "5511900000077@c.us"
    told = await database.read(lambda db: pacing_told(db, other, governor, NOW))

    number = ACCOUNT.partition("@")[0]
    assert [(one["reason"], one["messages"]) for one in told["waiting"]] == [
        (f"another number is logged in; it leaves when +{number} is again", 2)
    ]


async def test_what_a_whole_kind_waits_for_is_told_with_its_end(database):
    governor = Governor(TWO_A_MINUTE)
    await sent(database, 3)
    await database.write(
        lambda db: db.execute("UPDATE outbox SET state = 'reserved', handed_at = NULL WHERE id = 3")
    )
    later = NOW + timedelta(seconds=20)

    assert await database.write(lambda db: governor.choose(db, ACCOUNT, later, 10)) == []

    told = await database.read(lambda db: pacing_told(db, ACCOUNT, governor, later))
    assert [(one["reason"], one["until"]) for one in told["waiting"]] == [
        ("the pace: 2 a minute", (NOW + MINUTE).isoformat())
    ]
