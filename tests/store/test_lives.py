from datetime import timedelta

from bot.store import lives
from tests.make import NOW

MINUTE = timedelta(minutes=1)


async def test_lives_that_ended_before_they_were_ready_are_counted_for_five_minutes(database):
    counted = [
        await database.write(lambda db, at=at: lives.begin(db, NOW + at * MINUTE))
        for at in (0, 1, 2, 6)
    ]

    assert counted == [0, 1, 2, 1]


async def test_a_life_that_became_ready_forgives_those_before(database):
    await database.write(lambda db: lives.begin(db, NOW))
    await database.write(lives.became_ready)

    assert await database.write(lambda db: lives.begin(db, NOW + MINUTE)) == 0


async def test_a_life_that_was_ended_on_purpose_does_not_count(database):
    for minute in range(4):
        begun = await database.write(lambda db, at=minute: lives.begin(db, NOW + at * MINUTE))
        await database.write(lives.ended)

        assert begun == 0


async def test_an_end_on_purpose_leaves_the_deaths_before_it_counted(database):
    await database.write(lambda db: lives.begin(db, NOW))
    await database.write(lambda db: lives.begin(db, NOW))
    await database.write(lives.ended)

    assert await database.write(lambda db: lives.begin(db, NOW)) == 1
