"""Several accounts in one daemon: each its own, and the trouble of one is no other's."""

import asyncio
import threading
from datetime import timedelta

import pytest

from bot.control import lock_folder
from bot.daemon import keeper
from bot.daemon.keeper import BrokenRules
from bot.daemon.status import status
from bot.domain.errors import DataFolderHeld, SessionDown, UnknownSession
from bot.ports import LinkState
from bot.store import database
from tests.daemon.stage import WITHIN, FakePhone, Office
from tests.make import NOW

BROKEN = "version: 1\nrules: [{id: a, wehn: {keyword: hi}}]\n"


@pytest.fixture(autouse=True)
def fake_phone(monkeypatch):
    monkeypatch.setattr("bot.daemon.parts.WhatsAppSession", FakePhone)
    monkeypatch.setattr("bot.daemon.keeper.FIRST_PAUSE", 0.001)
    monkeypatch.setattr("bot.daemon.life.BEGIN_AGAIN", 0.001)
    FakePhone.opened.clear()


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path, ["default", "north", "south"])


async def told(accounts):
    return {
        one["name"]: one for one in (await status(tuple(accounts.keepers.values()), 1))["sessions"]
    }


async def test_each_account_answers_by_its_own_rules_from_its_own_folder(office):
    async with office.running():
        for name in ("default", "north", "south"):
            phone = await office.phone(name)
            await phone.hear("hi")
            assert await phone.said() == f"Hello from {name}"

    assert (office.folder / "state" / "alexia.db").exists()
    assert (office.folder / "state" / "sessions" / "north" / "alexia.db").exists()
    assert (office.folder / "state" / "sessions" / "south" / "profile").is_dir()


async def test_the_same_message_in_two_accounts_is_two_messages(office):
    async with office.running():
        north, south = await office.phone("north"), await office.phone("south")
        await north.hear("hi", id="SAME")
        await south.hear("hi", id="SAME")

        assert await north.said() == "Hello from north"
        assert await south.said() == "Hello from south"


async def test_what_breaks_in_one_account_leaves_the_others_at_work(office):
    async with office.running():
        north, south = await office.phone("north"), await office.phone("south")
        north.dies.put_nowait(RuntimeError("the browser is gone"))
        await south.hear("hi")

        assert await south.said() == "Hello from south"
        assert (await office.phone("north")) is north


class Slow:
    """Lets a part of a start wait until `go_on` is set."""

    def __init__(self, monkeypatch, room, part):
        self.begun, self.go_on = threading.Event(), threading.Event()
        self._do = getattr(room, part)
        monkeypatch.setattr(room, part, self)

    def __call__(self, *given):
        self.begun.set()
        self.go_on.wait(WITHIN)
        return self._do(*given)

    async def start(self, accounts, name):
        """Start a stopped account, up to that part."""
        await accounts.start(name)
        await asyncio.to_thread(self.begun.wait, WITHIN)

    async def end(self, ending):
        """Begin to end it, then let the part go on."""
        task = asyncio.ensure_future(ending)
        await asyncio.sleep(0)
        self.go_on.set()
        await task


async def test_a_rename_in_the_moment_of_a_start_finds_the_folder_free(office, monkeypatch, caplog):
    async with office.running() as accounts:
        await office.phone("north")
        await accounts.stop("north")
        slow = Slow(monkeypatch, keeper, "lock_folder")
        await slow.start(accounts, "north")
        await slow.end(accounts.rename("north", "coast"))
        await office.phone("coast")

    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_stop_in_the_moment_of_a_start_leaves_no_database_open(office, monkeypatch):
    async with office.running() as accounts:
        await office.phone("north")
        await accounts.stop("north")
        slow = Slow(monkeypatch, database, "create_whole")
        await slow.start(accounts, "north")
        await slow.end(accounts.find("north").stop())

    assert "alexia-writer" not in [thread.name for thread in threading.enumerate()]


async def test_a_stop_lets_the_page_take_what_it_is_at_before_it_is_closed(office):
    async with office.running() as accounts:
        north = await office.phone("north")
        begun, go_on, open_at_the_end = asyncio.Event(), asyncio.Event(), []

        async def slow(chat, text, message_id, quoted=None, mentions=()):
            begun.set()
            await go_on.wait()
            open_at_the_end.append(not north.closed)

        north.send_text = slow
        await north.hear("hi")
        async with asyncio.timeout(WITHIN):
            await begun.wait()
            stopping = asyncio.ensure_future(accounts.find("north").stop())
            for _ in range(50):
                await asyncio.sleep(0)
            go_on.set()
            await stopping

    assert (open_at_the_end, north.closed) == ([True], True)


async def test_a_logged_out_account_is_told_and_the_others_stay_ready(office):
    async with office.running() as accounts:
        north = await office.phone("north")
        await office.phone("south")
        await office.phone("default")
        await north.logout()

        whole = await status(tuple(accounts.keepers.values()), 1)

    assert not whole["ready"]
    assert whole["reasons"] == [
        "north: WhatsApp is logged_out; `alexia login north` shows the code for the phone to scan"
    ]
    assert {one["name"]: one["ready"] for one in whole["sessions"]} == {
        "default": True, "north": False, "south": True
    }  # fmt: skip


async def test_a_number_that_is_logged_in_twice_is_known_and_told_with_what_to_do(office):
    async with office.running() as accounts:
        default, south = await office.phone("default"), await office.phone("south")
        north = await office.phone("north")
        assert north.account == south.account
        assert [one.door.twin(one.account) for one in (north, default)] == ["south", ""]

        await north.inlet.take_state(LinkState.CONFLICT, None, "session south has this number")
        reasons = (await status(tuple(accounts.keepers.values()), 1))["reasons"]
        await accounts.stop("south")
        assert north.door.twin(north.account) == ""

    assert reasons == [
        "north: WhatsApp is conflict: session south has this number; `alexia sessions logout north`"
        " (or the other, if that one is wrong), then `alexia login` it with its own phone"
    ]


async def test_after_a_start_a_number_goes_to_the_session_that_had_it(office):
    async with office.running():
        number = (await office.phone("south")).account
        await office.phone("default")
    async with office.running() as accounts:
        south, default = accounts.find("south"), accounts.find("default")
        await office.phone("default")
        await office.phone("south")
        await accounts.stop("north")
        south.visible.link.moved(LinkState.STARTING, None, "", NOW)
        assert default.twin(number) == "south"
        assert south.twin(number) == ""

        south.visible.link.moved(LinkState.QR, None, "", NOW)
        assert default.twin(number) == ""


async def test_messages_that_are_too_old_to_be_answered_are_told(office):
    async with office.running() as accounts:
        north = await office.phone("north")
        await north.hear("hi", id="OLD", ago=timedelta(hours=1))
        await north.hear("hi", id="NEW", chat="5511987654322@c.us")
        assert await north.said() == "Hello from north"
        keepers = tuple(accounts.keepers.values())
        async with asyncio.timeout(WITHIN):
            while not (reasons := (await status(keepers, 1))["reasons"]):
                await asyncio.sleep(0)

    assert len(reasons) == 1
    assert reasons[0].startswith("north: messages that came too late to be answered")


async def test_broken_rules_keep_only_their_account_down_until_they_are_mended(office):
    office.write("north", BROKEN)
    async with office.running() as accounts:
        south = await office.phone("south")
        await office.until("north", LinkState.FAILED)
        rejected = (await told(accounts))["north"]["rulebook"]["rejected"]
        assert rejected[0]["file"] == "north/rules/a.yaml"
        assert not (await accounts.reload("north"))["north"].ok

        office.write("north", BROKEN.replace("wehn", "when").replace("}}", "}, do: {reply: yes}}"))
        await accounts.reload()
        north = await office.phone("north")
        for phone, text in ((north, "yes"), (south, "Hello from south")):
            await phone.hear("hi")
            assert await phone.said() == text


async def test_a_broken_edit_of_one_leaves_its_last_good_rules_in_force(office):
    async with office.running() as accounts:
        north = await office.phone("north")
        office.write("north", BROKEN)
        reloaded = await accounts.reload()
        await north.hear("hi")

        assert {name: one.ok for name, one in reloaded.items()} == {
            "default": True, "north": False, "south": True
        }  # fmt: skip
        assert await north.said() == "Hello from north"


async def test_a_death_while_a_file_is_broken_does_not_end_the_last_good_rules(office, caplog):
    async with office.running():
        await office.phone("north")
    office.write("north", BROKEN)

    async with office.running() as accounts:
        north = await office.phone("north")
        await north.hear("hi")
        assert await north.said() == "Hello from north"
        rejected = (await told(accounts))["north"]["rulebook"]["rejected"]
        assert rejected[0]["file"] == "north/rules/a.yaml"
    assert "rules not loaded, the last good rules are in force" in caplog.text


async def test_without_a_single_whole_account_the_daemon_does_not_start(office):
    for name in ("default", "north", "south"):
        office.write(name, BROKEN)

    with pytest.raises(BrokenRules):
        async with office.running():
            pass


async def test_a_stopped_account_is_closed_and_stays_so_until_it_is_started(office):
    async with office.running() as accounts:
        north = await office.phone("north")
        await accounts.stop("north")
        assert north.closed
        with pytest.raises(SessionDown, match="alexia sessions start north"):
            _ = accounts.find("north").running

    async with office.running() as accounts:
        await office.phone("south")
        assert accounts.find("north").visible.link.state is LinkState.STOPPED
        assert FakePhone.opened["north"] is north

        await accounts.start("north")
        again = await office.phone("north")
        assert again is not north
        await again.hear("hi")
        assert await again.said() == "Hello from north"


async def test_a_stopped_account_does_not_count_against_being_ready(office):
    async with office.running() as accounts:
        await office.phone("south")
        await office.phone("default")
        await accounts.stop("north")

        whole = await status(tuple(accounts.keepers.values()), 1)

    assert whole["ready"]
    assert whole["reasons"] == [
        "north: it is stopped: by a person; `alexia sessions start north` starts it again"
    ]


async def test_starts_and_stops_by_a_person_never_lead_to_safe_mode(office):
    async with office.running() as accounts:
        for _ in range(5):
            await office.phone("north")
            await accounts.restart("north")
        await office.phone("north")

        assert not accounts.find("north").visible.link.safe_mode


async def test_a_database_that_cannot_be_used_keeps_only_its_account_down(office):
    home = office.folder / "state" / "sessions" / "north"
    home.mkdir(parents=True)
    (home / "alexia.db").write_bytes(b"this is no database" * 100)
    async with office.running():
        south = await office.phone("south")
        await office.until("north", LinkState.FAILED)
        await south.hear("hi")

        assert await south.said() == "Hello from south"


async def test_a_profile_that_another_daemon_holds_is_left_alone(office):
    profile = office.folder / "state" / "sessions" / "north" / "profile"
    with lock_folder(profile):
        async with office.running() as accounts:
            await office.phone("south")
            await office.until("north", LinkState.FAILED)
            reason = (await told(accounts))["north"]["reasons"][0]

    assert "already runs on" in reason
    assert "north" not in FakePhone.opened


async def test_the_only_accounts_profile_in_other_hands_ends_the_start(tmp_path):
    office = Office(tmp_path, ["default"], "whatsapp: {profile: ./elsewhere}\n")
    with lock_folder(tmp_path / "elsewhere"), pytest.raises(DataFolderHeld):
        async with office.running():
            pass


async def test_an_edit_reaches_the_account_whose_file_it_is(office):
    async with office.running() as accounts:
        await office.phone("north")
        before = {name: one.account.shelf.rulebook for name, one in accounts.keepers.items()}
        office.write("north", "version: 1\nrules: []\n")
        await accounts.reload("north")

        after = {name: one.account.shelf.rulebook for name, one in accounts.keepers.items()}
    assert {name for name in after if after[name] is not before[name]} == {"north"}


async def test_rules_that_are_shared_are_read_once(tmp_path):
    office = Office(tmp_path, ["default", "north"])
    text = office.config_file.read_text().replace("north/", "default/")
    office.config_file.write_text(text)
    async with office.running() as accounts:
        first, second = (one.account.shelf.rulebook for one in accounts.keepers.values())

        assert first.rules[0] is second.rules[0]


async def test_a_session_that_there_is_not_is_told_with_those_that_are(office):
    async with office.running() as accounts:
        with pytest.raises(UnknownSession, match="known: default, north, south"):
            accounts.find("east")


async def test_among_several_without_a_default_one_must_be_named(tmp_path):
    async with Office(tmp_path, ["north", "south"]).running() as accounts:
        with pytest.raises(UnknownSession, match="name one with --session: north, south"):
            accounts.find()


async def test_an_end_of_the_daemon_closes_every_account(office):
    async with office.running():
        phones = [await office.phone(name) for name in ("default", "north", "south")]

    assert [phone.closed for phone in phones] == [True, True, True]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_part_that_fails_on_its_way_out_does_not_begin_again(office, monkeypatch):
    async def run(phone):
        try:
            await asyncio.Event().wait()
        finally:
            raise OSError("the browser did not close")

    monkeypatch.setattr(FakePhone, "run", run)
    async with office.running() as accounts:
        async with asyncio.timeout(10):
            await accounts.stop("north")

        assert accounts.find("north").visible.link.state is LinkState.STOPPED
