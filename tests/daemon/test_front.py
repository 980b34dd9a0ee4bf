"""What is seen of the daemon over HTTP, before, while and after it runs."""

from dataclasses import replace
from types import SimpleNamespace

import httpx2
import pytest

from benchmarks.stage import free_port
from bot.config import Console, default_config
from bot.console.desk import Counts, NotYet
from bot.daemon.accounts import Accounts
from bot.daemon.commands import Commands
from bot.daemon.front import Front, open_front
from bot.domain.errors import PortInUse
from bot.domain.messages import ChatId
from bot.store import inbox, outbox
from bot.testing.memory import MemoryDatabase
from tests.make import ACCOUNT, ANA, NOW, message


@pytest.fixture
def config(tmp_path):
    defaults = default_config(tmp_path, {})
    return replace(defaults, console=Console(port=free_port()))


async def health(config):
    async with httpx2.AsyncClient() as anyone:
        return await anyone.get(f"http://127.0.0.1:{config.console.port}/health")


def front_of(config):
    return open_front(config, Accounts(config))


async def test_health_answers_before_anything_is_built(config):
    async with front_of(config):
        answer = await health(config)

    assert answer.status_code == 503
    assert answer.json() == {
        "status": "starting",
        "sessions": {"default": "STARTING"},
        "reasons": ["the bot is starting"],
    }


async def test_the_port_is_free_again_afterwards(config):
    for _ in range(2):
        async with front_of(config):
            assert (await health(config)).status_code == 503


async def test_a_port_that_somebody_has_is_told(config):
    async with front_of(config):
        with pytest.raises(PortInUse, match="choose another"):
            async with front_of(config):
                pass


async def test_port_zero_is_nowhere(config):
    async with front_of(replace(config, console=Console(port=0))) as front:
        assert isinstance(front, Front)
    assert not (config.data_folder / "tokens.json").exists()


async def test_what_is_not_built_yet_says_so(config):
    front = Front(Accounts(config))

    assert front.counts == Counts()
    with pytest.raises(NotYet):
        await front.sessions["default"].send(ChatId(ANA), "x", "k")


class Woken(list):
    def wake(self, *lane):
        self.append(lane)


@pytest.fixture
def account():
    database = MemoryDatabase()
    yield SimpleNamespace(
        database=database, lanes=Woken(), hooks=Woken(), courier=Woken(), crm=Woken(),
        link=SimpleNamespace(account=ACCOUNT),
    )  # fmt: skip
    database.close()


async def test_what_was_set_aside_is_tried_again_by_the_running_bot(config, account):
    db = account.database.db
    inbox.record_all(db, [message()], NOW)
    inbox.quarantine(db, 1, "failed")
    accounts = Accounts(config)
    accounts.find().account = account
    dlq = Commands(accounts).verbs()["dlq"]

    assert [one["id"] for one in (await dlq({"action": "list"}))["dead"]] == ["message-1"]
    assert await dlq({"action": "retry", "ids": ["message-1"]}) == {"done": 1}
    assert account.lanes == [((ACCOUNT, ANA),)]
    assert await dlq({"action": "drop", "ids": None}) == {"done": 0}


async def test_what_did_not_arrive_is_sent_again_or_let_go_by_the_running_bot(config, account):
    accounts = Accounts(config)
    accounts.find().account = account
    seat, db = Front(accounts).sessions["default"], account.database.db
    ids = [await seat.send(ChatId(ANA), "hi", key) for key in ("one", "two")]
    for row in (1, 2):
        outbox.give_up(db, row, "refused", NOW)
    verb = Commands(accounts).verbs()["outbox"]
    account.courier.clear()

    named = (await verb({"action": "list"}))["outbox"]
    assert [one["reason"] for one in named] == ["refused", "refused"]
    assert await verb({"action": "retry", "ids": ids[:1], "by": "bea"}) == {"done": 1, "kept": {}}
    assert account.courier == [()]
    assert await verb({"action": "drop", "ids": None, "by": "bea"}) == {"done": 1}
    (dropped,) = (await verb({"action": "list", "dropped": True}))["outbox"]
    assert dropped["dropped"]["by"] == "bea"


async def test_a_text_of_the_api_is_sent_once_a_key(config, account):
    accounts = Accounts(config)
    accounts.find().account = account
    seat = Front(accounts).sessions["default"]

    sent = [await seat.send(ChatId(ANA), "hi", "order-7") for _ in range(2)]

    assert sent[0] == sent[1]
    assert outbox.counts(account.database.db)["reserved"] == 1
