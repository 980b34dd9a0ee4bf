"""Files of messages are fetched after their replies, tried again, and given up in the end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import MediumLost, TransportDown
from bot.domain.messages import Media, MessageKind, Origin
from bot.inbound.media import MediaFetcher
from bot.store import inbox, media
from bot.store.media_files import MediaFiles
from tests.make import ACCOUNT, ANA, NOW, message

FOREVER = timedelta.max


class Source:
    """Gives the parts of a file, or fails as it is told."""

    account = ACCOUNT
    ready = True

    def __init__(self, *told):
        self.told = list(told)
        self.asked = []

    async def read_medium(self, wanted):
        self.asked.append(wanted.id)
        told = self.told.pop(0) if len(self.told) > 1 else self.told[0]
        if isinstance(told, Exception):
            raise told
        for part in told:
            yield part


def picture(id="A1", **more):
    described = Media(kind=MessageKind.IMAGE, mimetype="image/png", filename="../a.png")
    made = message("", id=id, kind=MessageKind.IMAGE, **more)
    return replace(made, media=described)


@pytest.fixture
def fetcher(database, tmp_path):
    class Clock:
        now = NOW

    clock = Clock()

    def make(source, keep=FOREVER, quota=10**9):
        made = MediaFetcher(
            database, source, MediaFiles(tmp_path), lambda: clock.now, keep=keep, quota=quota
        )
        made.clock = clock
        return made

    return make


def store(database, *messages, decided=True):
    def work(db):
        inbox.record_all(db, messages, NOW)
        if decided:
            db.execute("UPDATE inbox SET state = 'decided' WHERE state = 'waiting'")

    database.write_now(work)


def rows(database):
    return database.read_now(media.list_media)


async def test_a_file_is_stored_under_its_hash_with_a_safe_name(database, fetcher, tmp_path):
    store(database, picture())

    assert await fetcher(Source([b"pic", b"ture"]))._fetch_next(ACCOUNT)

    (row,) = rows(database)
    assert (row["state"], row["size"], row["filename"]) == ("ok", 7, "a.png")
    assert (tmp_path / "media" / row["sha256"]).read_bytes() == b"picture"


async def test_nothing_is_fetched_before_its_message_is_decided(database, fetcher):
    store(database, picture(), decided=False)

    assert not await fetcher(Source([]))._fetch_next(ACCOUNT)


async def test_history_own_and_ignored_messages_have_no_file_until_asked(database, fetcher):
    store(database, picture("H", origin=Origin.HISTORY), picture("O", from_me=True))
    store(database, picture("I"), decided=False)
    database.write_now(lambda db: inbox.ignore(db, 3, "too old", NOW))
    assert rows(database) == []

    database.write_now(lambda db: media.want(db, media.find_row(db, "H"), NOW))
    assert await fetcher(Source([b"old"]))._fetch_next(ACCOUNT)
    assert [(row["message_id"], row["state"]) for row in rows(database)] == [("H", "ok")]


async def test_a_sealed_message_has_its_file_when_it_is_readable(database, fetcher):
    store(database, message("", kind=MessageKind.CIPHERTEXT))
    assert rows(database) == []

    store(database, picture())
    assert [row["state"] for row in rows(database)] == ["pending"]


async def test_what_fails_is_tried_again_and_given_up_in_the_end(database, fetcher):
    store(database, picture())
    source = Source(MediumLost("media_not_found"))
    made = fetcher(source)
    for _ in range(20):
        await made._fetch_next(ACCOUNT)
        made.clock.now += timedelta(hours=7)

    assert [(row["state"], row["detail"]) for row in rows(database)] == [
        ("gone", "media_not_found")
    ]
    assert len(source.asked) == 8


async def test_a_failed_try_waits(database, fetcher):
    store(database, picture())
    made = fetcher(Source(TransportDown("no page"), [b"x"]))
    assert await made._fetch_next(ACCOUNT)
    assert not await made._fetch_next(ACCOUNT)

    made.clock.now += timedelta(seconds=5)
    assert await made._fetch_next(ACCOUNT)
    assert rows(database)[0]["state"] == "ok"


async def test_a_file_that_is_too_large_is_not_asked_for(database, fetcher):
    large = Media(kind=MessageKind.IMAGE, size=64 * 1024 * 1024 + 1)
    store(database, replace(picture(), media=large))
    source = Source([])
    await fetcher(source)._fetch_next(ACCOUNT)

    assert source.asked == []
    assert rows(database)[0]["state"] == "gone"


async def test_an_empty_file_is_a_file(database, fetcher):
    store(database, picture())
    await fetcher(Source([]))._fetch_next(ACCOUNT)

    assert [(row["state"], row["size"]) for row in rows(database)] == [("ok", 0)]


async def test_time_and_room_are_bounded(database, fetcher):
    store(database, picture("A1"), picture("A2"), picture("A3"))
    made = fetcher(Source([b"1234"], [b"12345"], [b"123456"]))
    for _ in range(3):
        await made._fetch_next(ACCOUNT)
        made.clock.now += timedelta(days=1)

    assert database.write_now(lambda db: media.expire(db, NOW + timedelta(hours=1), 10**9)) == 1
    assert database.write_now(lambda db: media.expire(db, NOW, 6)) == 1
    assert [(row["message_id"], row["state"]) for row in rows(database)] == [
        ("A3", "ok"), ("A2", "gone"), ("A1", "gone"),
    ]  # fmt: skip
    used = database.read_now(lambda db: media.in_use(db, NOW))
    assert used == {rows(database)[0]["sha256"]}


async def test_a_deleted_message_takes_its_file_along(database):
    store(database, picture())
    database.write_now(lambda db: db.execute("DELETE FROM inbox WHERE chat = ?", (ANA,)).rowcount)

    assert rows(database) == []
