"""Names at once, about texts and pictures slowly, nothing while answers are due."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.errors import ContactRefused, TransportDown
from bot.domain.profiles import PeopleNews, Portrait, Profile
from bot.inbound.profiles import ProfileKeeper
from bot.store import contacts, media, profiles
from bot.store.erasing import erase
from bot.store.media_files import MediaFiles
from bot.store.people import WantedPeople, find_people, show_person
from tests.make import ACCOUNT, ANA, BO, NOW, message
from tests.people_double import MemoryPeople

LID = "77@lid"
LIMA = Profile(address=ANA, alias=LID, saved_name="Ana Lima", push_name="aninha", is_saved=True)


class Scene:
    def __init__(self, database, folder):
        self.database = database
        self.source = MemoryPeople()
        self.files = MediaFiles(folder)
        self.now = NOW
        self.is_busy = False

    def keeper(self, *, saved=False, account=lambda: ACCOUNT):
        return ProfileKeeper(
            self.database, self.source, self.files, lambda: self.now, saved=saved,
            account=account, busy=lambda: self.is_busy,
        )  # fmt: skip

    async def meet(self, *chats):
        def write(db):
            for chat in chats:
                contacts.note_seen(db, [contacts.meet(db, chat, "", NOW).id], NOW)

        await self.database.write(write)

    async def show(self, who):
        return await self.database.read(lambda db: show_person(db, who))

    async def run(self, keeper, until):
        working = asyncio.create_task(keeper.run())
        async with asyncio.timeout(10):
            while not await until():
                await asyncio.sleep(0)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


@pytest.fixture
def scene(database, tmp_path, monkeypatch):
    for name in ("GATHER", "AGAIN", "PACE"):
        monkeypatch.setattr(f"bot.inbound.profiles.{name}", 0)
    return Scene(database, tmp_path)


async def test_names_are_kept_of_who_wrote_and_of_nobody_else(scene):
    await scene.meet(ANA)
    scene.source.profiles = [LIMA, Profile(address=BO, saved_name="Bo", is_saved=True)]
    keeper = scene.keeper()
    keeper.look_at_all()

    async def named():
        return (await scene.show(ANA))["saved_name"] == "Ana Lima"

    await scene.run(keeper, named)
    assert (await scene.show(ANA))["name"] == "Ana Lima"
    assert await scene.show(BO) is None


async def test_the_whole_address_book_is_kept_where_the_owner_wants_it(scene):
    scene.source.profiles = [LIMA, Profile(address=BO, push_name="Bo")]
    keeper = scene.keeper(saved=True)
    keeper.look_at_all()

    async def known():
        return await scene.show("lima") is None and await scene.show("Ana Lima")

    await scene.run(keeper, known)
    assert (await scene.show("Ana Lima"))["identities"] == [ANA, LID]
    assert await scene.show(BO) is None
    await scene.database.write(lambda db: contacts.meet(db, ANA, "", NOW))
    assert (await scene.database.read(lambda db: contacts.find(db, ANA))).is_new


async def test_a_picture_becomes_a_file_and_is_read_once(scene):
    await scene.meet(ANA)
    scene.source.portraits[ANA] = Portrait(about="hi", tag="t1", picture=b"picture")
    keeper = scene.keeper()
    keeper.wake()

    async def here():
        return (await scene.show(ANA))["picture"]

    await scene.run(keeper, here)
    kept = (await scene.show(ANA))["picture"]
    assert scene.files.path_of(kept).read_bytes() == b"picture"
    assert kept in await scene.database.read(lambda db: media.in_use(db, NOW))

    scene.source.portraits[ANA] = Portrait(about="ho", tag="t1")
    scene.now += timedelta(days=2)
    keeper.wake()

    async def changed():
        return (await scene.show(ANA))["about"] == "ho"

    await scene.run(keeper, changed)
    assert scene.source.asked == [(ANA, ""), (ANA, "t1")]
    assert (await scene.show(ANA))["picture"] == kept

    scene.source.portraits[ANA] = Portrait(about="ho")
    await keeper.take(PeopleNews(portraits=(ANA,)))

    async def gone():
        return not (await scene.show(ANA))["picture"]

    await scene.run(keeper, gone)


async def test_nothing_is_asked_while_answers_are_due(scene):
    await scene.meet(ANA)
    scene.is_busy = True
    keeper = scene.keeper()
    keeper.look_at_all()
    looks = 0

    async def looked():
        nonlocal looks
        looks += 1
        return looks > 50

    await scene.run(keeper, looked)
    assert scene.source.asked == []


async def test_what_cannot_be_had_is_tried_later_and_others_go_on(scene):
    await scene.meet(ANA)
    scene.source.failure = ContactRefused("no_picture")
    keeper = scene.keeper()
    keeper.wake()

    async def put_off():
        due = await scene.database.read(lambda db: profiles.next_due(db, NOW))
        return due is None

    await scene.run(keeper, put_off)
    due = await scene.database.read(lambda db: profiles.next_due(db, NOW + profiles.AGAIN * 1.1))
    assert due.address == ANA


@pytest.mark.parametrize("failure", [None, ContactRefused("no_picture")])
async def test_who_is_erased_while_their_portrait_is_asked_for_stays_erased(scene, failure):
    await scene.meet(ANA)
    ask, looks = scene.source.portrait, []

    async def erase_and_ask(address, tag):
        ana = await scene.database.read(lambda db: contacts.find(db, ANA))
        await scene.database.write(lambda db: erase(db, ana.id))
        scene.source.failure = failure
        return await ask(address, tag)

    def account():
        looks.append("one more")
        return ACCOUNT

    scene.source.portrait = erase_and_ask
    keeper = scene.keeper(account=account)
    keeper.wake()

    async def looked_again():
        return len(looks) > 1

    await scene.run(keeper, looked_again)
    rows = await scene.database.read(lambda db: db.execute("SELECT * FROM profiles").fetchall())
    assert rows == []


async def test_a_page_that_is_gone_is_asked_again(scene):
    await scene.meet(ANA)
    scene.source.profiles = [LIMA]
    scene.source.failure = TransportDown("gone")
    keeper = scene.keeper()
    keeper.look_at_all()

    async def named():
        scene.source.failure = None
        return (await scene.show(ANA))["saved_name"]

    await scene.run(keeper, named)


async def test_no_more_portraits_are_asked_for_in_an_hour_than_a_person_would_look_at(scene):
    def fill(db):
        for n in range(profiles.MOST):
            contacts.meet(db, f"{n}@c.us", "", NOW)
            profiles.put_off(db, f"{n}@c.us", NOW)
        return profiles.next_due(db, NOW)

    await scene.meet(ANA)
    assert await scene.database.write(fill) is None
    later = NOW + profiles.LIMIT + timedelta(seconds=1)
    assert (await scene.database.read(lambda db: profiles.next_due(db, later))).address == ANA


async def test_people_are_found_by_all_their_names_and_flags(scene):
    await scene.meet(ANA, BO)
    shop = Profile(address=BO, verified_name="Bo's Bakery", username="bobakes", is_business=True)
    await scene.keeper().take(PeopleNews(profiles=(LIMA, shop), blocked=frozenset((ANA,))))

    async def found(**wanted):
        rows = await scene.database.read(lambda db: find_people(db, WantedPeople(**wanted)))
        return [row["number"] for row in rows]

    ana, bo = (f"+{chat.partition('@')[0]}" for chat in (ANA, BO))
    assert await found(words="lima") == await found(words="aninha") == [ana]
    assert await found(words="bakery") == await found(words="bobakes") == [bo]
    assert await found(business=True) == await found(blocked=False) == [bo]
    assert await found(business=False) == await found(blocked=True) == [ana]


async def test_who_is_blocked_is_not_answered_until_they_are_not(office, database):
    desk = office()
    await database.write(lambda db: profiles.keep_blocked(db, {ANA}))
    await desk.take(message("say yes", id="A1"))
    assert (await desk.said(), await desk.winners()) == ([], ["guard:blocked"])

    await database.write(lambda db: profiles.keep_blocked(db, ()))
    await desk.take(message("say no", id="A2"))
    assert len(await desk.said()) == 1
