"""From when on messages of an account concern us."""

from datetime import timedelta

from bot.store import accounts
from bot.store.accounts import CODE_LIFE, OVERLAP
from tests.make import ACCOUNT, NOW

HOUR = timedelta(hours=1)


async def test_what_came_while_nobody_listened_is_looked_for_from_the_last_sweep(database):
    await database.write(lambda db: accounts.sweep_from(db, ACCOUNT, NOW))
    await database.write(lambda db: accounts.note_swept(db, ACCOUNT, NOW + HOUR))
    found = await database.write(lambda db: accounts.sweep_from(db, ACCOUNT, NOW + 10 * HOUR))

    assert found == NOW + HOUR - OVERLAP


async def test_what_is_older_than_the_login_is_history(database):
    await database.write(lambda db: accounts.note_code(db, NOW))
    found = await database.write(lambda db: accounts.sweep_from(db, ACCOUNT, NOW + HOUR))
    assert NOW - CODE_LIFE <= found <= NOW

    again = await database.write(lambda db: accounts.sweep_from(db, ACCOUNT, NOW + 2 * HOUR))
    assert again == found


async def test_the_mark_of_a_sweep_never_goes_back(database):
    await database.write(lambda db: accounts.sweep_from(db, ACCOUNT, NOW))
    for at in (5 * HOUR, HOUR):
        await database.write(lambda db, at=at: accounts.note_swept(db, ACCOUNT, NOW + at))
    found = await database.write(lambda db: accounts.sweep_from(db, ACCOUNT, NOW + 9 * HOUR))

    assert found == NOW + 5 * HOUR - OVERLAP
