from datetime import timedelta

from bot.daemon.budgets import budgets
from bot.delivery.pacing import OFF, Pace, Pacing
from bot.domain.outgoing import Why
from bot.store import outbox
from tests.make import ACCOUNT, ANA, NOW

MINUTE = timedelta(minutes=1)
TWO_A_MINUTE = Pacing(account=(Pace(most=2, window=MINUTE),))


async def sent(database, count):
    def fill(db):
        drafts = [
            outbox.Draft(
                account=ACCOUNT, chat=ANA, text=str(one), why=Why.ANSWER, by="", due_at=NOW
            )
            for one in range(count)
        ]  # fmt: skip
        outbox.reserve(db, b"secret", "cause", drafts, NOW)
        db.execute("UPDATE outbox SET state = 'sent', handed_at = ?", (NOW.timestamp(),))

    await database.write(fill)


async def test_a_used_up_budget_says_when_the_next_may_leave(database):
    await sent(database, 2)
    later = NOW + timedelta(seconds=20)
    found = await database.read(lambda db: budgets(db, ACCOUNT, TWO_A_MINUTE, later))

    assert found == {
        "minute": {"used": 2, "limit": 2, "next_at": (NOW + MINUTE).isoformat()},
    }


async def test_without_limits_there_are_no_budgets(database):
    assert await database.read(lambda db: budgets(db, ACCOUNT, OFF, NOW)) == {}
