from dataclasses import replace
from datetime import timedelta

import pytest

from bot.config import default_config
from bot.daemon.bookshelf import STILL_BACK, BookShelf
from bot.daemon.library import MOST_READINGS, Library
from bot.daemon.settling import state_of
from bot.domain.conversation import Conversation, Frame
from bot.domain.effects import StartTimer
from bot.store import conversations, timers, versions
from bot.store.database import Database
from tests.make import ACCOUNT, ANA, NOW

GOOD = "version: 1\nrules: [{id: a, when: {keyword: hi}, do: {reply: Hello}}]\n"
FLOW = """\
version: 1
flows:
  pizza:
    when: {keyword: pizza}
    slots:
      kind: {type: text, ask: Which pizza?}
      count: {type: integer, ask: How many?}
    steps: [{ask: kind}, {ask: count}, {reply: "$(count) $(kind)"}]
"""


class Shop:
    """A folder of rules, a database, and the shelf over both, which can be opened anew."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "rules").mkdir()
        self.write(GOOD)
        self.awaited = None
        self.clock = lambda: NOW
        self.meanwhile = lambda: None
        self.while_read = lambda: None
        self.database = Database(folder / "alexia.db")
        self.shelf = self._shelf()

    def _shelf(self):
        config = default_config(self.folder, {})
        library = Library(lambda: None, settle=self.settled)
        return BookShelf(config, self.database, clock=lambda: self.clock(), library=library)

    def settled(self, folder, known, folders):
        self.awaited = tuple(known)
        self.meanwhile()
        self.meanwhile = lambda: None
        self.while_read()
        return state_of(folder, folders)

    def write(self, text, name="rules/a.yaml"):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    async def restart(self, **how):
        self.shelf = self._shelf()
        return await self.shelf.open(last_good=how.get("last_good", False))

    async def rest(self, chat, flow, step, **slots):
        """Let somebody be in the middle of a flow, in its version of now."""
        version = self.shelf.rulebook.flows[flow].hash
        frame = Frame(flow=flow, version=version, step=step, slots=slots)
        state = Conversation(chat=chat, frames=(frame,))
        await self.database.write(lambda db: conversations.keep(db, ACCOUNT, 1, state))
        return version

    async def leave(self, chat):
        state = await self.database.read(lambda db: conversations.load(db, ACCOUNT, chat))
        gone = replace(state, frames=())
        await self.database.write(lambda db: conversations.keep(db, ACCOUNT, 1, gone))

    async def count(self, table):
        found = await self.database.read(
            lambda db: db.execute(f"SELECT count(*) FROM {table}").fetchone()
        )
        return found[0]


@pytest.fixture
def shop(tmp_path):
    shop = Shop(tmp_path)
    yield shop
    shop.database.close()


async def test_a_broken_edit_leaves_the_last_good_rules_in_force(shop):
    assert (await shop.shelf.open(last_good=False)).ok
    before = shop.shelf.book

    shop.write(GOOD.replace("when", "wehn"))
    reloaded = await shop.shelf.reload()

    assert not reloaded.ok
    assert shop.shelf.book is before
    assert str(shop.shelf.rejected[0]).startswith("rules/a.yaml:2:")


async def test_a_start_under_broken_files_takes_the_last_good_only_when_asked(shop):
    await shop.shelf.open(last_good=False)
    shop.write("rules: [")

    assert not (await shop.restart()).ok
    assert (await shop.restart(last_good=True)).ok
    assert [rule.id for rule in shop.shelf.rulebook.rules] == ["a"]


async def test_a_good_edit_says_what_changed(shop):
    await shop.shelf.open(last_good=False)
    shop.write(GOOD.replace("Hello", "Ciao"))
    assert (await shop.shelf.reload()).said == "~1 rule"

    shop.write(FLOW, "flows/pizza.yaml")
    assert (await shop.shelf.reload()).said == "+1 flow (pizza)"

    shop.write(FLOW.replace("Which pizza?", "What kind?"), "flows/pizza.yaml")
    assert (await shop.shelf.reload()).said == "~1 flow (pizza: texts only)"


async def test_a_version_that_somebody_runs_is_compiled_again_after_a_restart(shop):
    shop.write(FLOW, "flows/pizza.yaml")
    await shop.shelf.open(last_good=False)
    version = await shop.rest(ANA, "pizza", "count", kind="funghi")
    shop.write(FLOW.replace("type: integer", "type: text"), "flows/pizza.yaml")

    await shop.restart()

    kept = shop.shelf.book.compiled.version(version)
    assert kept.slots["count"].type == "integer"
    assert shop.shelf.rulebook.flows["pizza"].slots["count"].type == "text"


async def test_a_version_with_other_texts_only_is_the_newest_at_once(shop):
    shop.write(FLOW, "flows/pizza.yaml")
    await shop.shelf.open(last_good=False)
    version = await shop.rest(ANA, "pizza", "count", kind="funghi")
    shop.write(FLOW.replace("How many?", "How many pizzas?"), "flows/pizza.yaml")

    await shop.shelf.reload()

    assert shop.shelf.book.compiled.version(version) is shop.shelf.rulebook.flows["pizza"]


async def test_a_version_that_a_timer_needs_is_kept(shop):
    shop.write(FLOW, "flows/pizza.yaml")
    await shop.shelf.open(last_good=False)
    version = shop.shelf.rulebook.flows["pizza"].hash
    timer = StartTimer(key="later:a", kind="later", due=NOW, payload={"version": version})
    await shop.database.write(lambda db: timers.start(db, ACCOUNT, ANA, timer))
    (shop.folder / "flows" / "pizza.yaml").unlink()

    await shop.restart()

    assert shop.shelf.book.compiled.version(version).name == "pizza"


async def test_the_version_of_a_campaign_is_kept_as_long_as_a_follow_up_needs_it(shop):
    campaign = "version: 1\ncampaigns: {spring: {audience: {tag: a}, do: {reply: Hello}}}\n"
    shop.write(campaign)
    await shop.shelf.open(last_good=False)
    version = shop.shelf.rulebook.campaigns["spring"].version("all")
    later = StartTimer(key="later:x", kind="later", due=NOW, payload={"version": version})
    await shop.database.write(lambda db: timers.start(db, ACCOUNT, ANA, later))

    shop.write(campaign.replace("Hello", "Goodbye"))
    await shop.shelf.reload()
    await shop.restart()

    assert shop.shelf.book.compiled.version(version).id == "campaign:spring"
    assert shop.shelf.rulebook.campaigns["spring"].version("all") != version


async def test_versions_that_nobody_runs_any_more_are_dropped(shop):
    shop.write(FLOW, "flows/pizza.yaml")
    await shop.shelf.open(last_good=False)
    version = await shop.rest(ANA, "pizza", "count")
    for number in range(versions.MOST_KEPT + 2):
        shop.write(GOOD.replace("Hello", f"Hello {number}"))
        shop.write(FLOW.replace("Which", f"Which {number}"), "flows/pizza.yaml")
        await shop.shelf.reload()
    held = await shop.database.read(lambda db: versions.rulebooks_of(db, [version]))
    assert len(held) == 1
    assert await shop.count("rulebooks") == versions.MOST_KEPT + 1

    await shop.leave(ANA)
    await shop.shelf.reload()

    assert await shop.count("rulebooks") == versions.MOST_KEPT
    assert not await shop.database.read(lambda db: versions.rulebooks_of(db, [version]))
    assert await shop.count("sources") == 2 * versions.MOST_KEPT


async def test_a_version_is_let_go_when_the_last_one_in_it_has_finished(shop):
    shop.write(FLOW, "flows/pizza.yaml")
    await shop.shelf.open(last_good=False)
    version = await shop.rest(ANA, "pizza", "count")
    shop.write(FLOW.replace("type: integer", "type: text"), "flows/pizza.yaml")
    await shop.shelf.reload()

    await shop.shelf.tidy()
    assert set(shop.shelf.book.compiled.older) == {version}

    await shop.leave(ANA)
    await shop.shelf.tidy()
    assert set(shop.shelf.book.compiled.older) == set()


async def test_a_schedule_that_is_new_waits_in_every_chat_at_once(shop):
    shop.write(FLOW, "flows/pizza.yaml")
    await shop.shelf.open(last_good=False)
    await shop.rest(ANA, "pizza", "count")
    assert await shop.database.read(lambda db: timers.keys_of(db, ACCOUNT, ANA)) == []

    shop.write(GOOD.replace("keyword: hi", "schedule: 0 9 * * mon-fri"))
    await shop.shelf.reload()
    set_ = await shop.database.read(lambda db: timers.keys_of(db, ACCOUNT, ANA))
    assert set_ == ["schedule:0 9 * * mon-fri"]

    shop.write(GOOD)
    await shop.shelf.reload()
    assert await shop.database.read(lambda db: timers.keys_of(db, ACCOUNT, ANA)) == []


async def test_a_rollback_holds_over_reloads_and_restarts_until_the_files_change(shop):
    await shop.shelf.open(last_good=False)
    shop.write(GOOD.replace("id: a", "id: b"))
    await shop.shelf.reload()

    rolled = await shop.shelf.roll_back()
    assert (rolled.ok, rolled.said) == (True, "rolled back: +1 rule, -1 rule")
    assert (await shop.shelf.reload()).said == STILL_BACK
    await shop.restart()
    assert shop.shelf.rolled_back
    assert [rule.id for rule in shop.shelf.rulebook.rules] == ["a"]

    shop.write(GOOD.replace("id: a", "id: c"))
    assert (await shop.shelf.reload()).ok
    assert not shop.shelf.rolled_back
    assert [rule.id for rule in shop.shelf.rulebook.rules] == ["c"]


async def test_there_is_nothing_to_go_back_to_at_first(shop):
    await shop.shelf.open(last_good=False)

    rolled = await shop.shelf.roll_back()

    assert (rolled.ok, rolled.said) == (False, "there is no earlier rulebook to go back to")


async def test_an_edited_extension_is_in_force_after_a_reload_and_a_removed_one_forgotten(shop):
    head = "from bot.sdk import action\n"
    shop.write(head + "@action('one')\ndef one(turn): ...\n", "extensions/a.py")
    await shop.shelf.open(last_good=False)
    assert set(shop.shelf.actions.actions) == {"one"}

    shop.write(head + "@action('two')\ndef two(turn): ...\n", "extensions/a.py")
    await shop.shelf.reload()

    assert set(shop.shelf.actions.actions) == {"two"}


async def test_a_broken_extension_leaves_rules_and_actions_as_they_were(shop):
    shop.write(
        "from bot.sdk import action\n@action('one')\ndef one(turn): ...\n", "extensions/a.py"
    )
    await shop.shelf.open(last_good=False)
    shop.write("def (", "extensions/a.py")

    reloaded = await shop.shelf.reload()

    assert not reloaded.ok
    assert str(reloaded.problems[0]).startswith("extensions/a.py:1:5: E001 not valid Python")
    assert set(shop.shelf.actions.actions) == {"one"}


async def test_a_file_that_is_emptied_while_it_is_read_is_read_again(shop):
    await shop.shelf.open(last_good=False)
    emptied = iter([True])

    def rewrite():
        shop.write("" if next(emptied, False) else GOOD)

    shop.while_read = rewrite
    done = await shop.shelf.reload()

    assert done.ok
    assert done.said == "nothing changed"
    assert shop.shelf.rulebook.rules


async def test_files_that_are_written_whenever_they_are_read_are_taken_at_last(shop):
    await shop.shelf.open(last_good=False)
    texts = iter(GOOD + "#" * number for number in range(1, 100))
    shop.while_read = lambda: shop.write(next(texts))

    assert (await shop.shelf.reload()).ok
    assert next(texts).count("#") == MOST_READINGS + 1


async def test_a_file_that_is_being_written_is_read_when_it_is_whole(shop):
    await shop.restart()
    shop.write("")
    shop.meanwhile = lambda: shop.write(GOOD.replace("Hello", "Hi there"))

    done = await shop.shelf.reload()

    assert shop.awaited == ("rules/a.yaml",)
    assert done.problems == ()
    assert [rule.id for rule in shop.shelf.rulebook.rules] == ["a"]


async def test_the_rules_count_as_loaded_when_all_is_ready_for_them(shop):
    ticks = [NOW]
    shop.clock = lambda: ticks.append(ticks[-1] + timedelta(seconds=1)) or ticks[-1]
    await shop.restart()

    shop.write(GOOD.replace("Hello", "Good day"))
    assert (await shop.shelf.reload()).ok

    assert shop.shelf.loaded_at == ticks[-1]


async def test_what_an_edit_left_alone_belongs_to_the_newest_rulebook(shop):
    two = GOOD.replace("rules: [", "rules: [{id: b, when: {keyword: b}, do: {reply: B}}, ")
    shop.write(two)
    await shop.restart()
    first = shop.shelf.rulebook

    shop.write(two.replace("Hello", "Good day"))
    await shop.shelf.reload()
    second = shop.shelf.rulebook

    kept, gone = (rule.hash for rule in first.rules)
    came = second.rules[1].hash

    def where(db):
        return {one: versions.rulebooks_of(db, [one]) for one in (kept, gone, came)}

    assert await shop.database.read(where) == {
        kept: {second.hash}, gone: {first.hash}, came: {second.hash},
    }  # fmt: skip
