import pytest

from bot.campaigns import rounds
from bot.domain.campaigns import RunState
from bot.domain.errors import CampaignRefused
from bot.inbound import pipeline
from bot.store import campaigns, events, timers
from tests.campaigns.conftest import RULES, agree


async def test_each_who_agreed_gets_one_message_and_nobody_else(firm):
    one = firm()
    yes = one.people(40)
    no = one.people(3, consent="unknown")
    gone = one.people(2, consent="withdrawn")
    one.person("Not A Buyer", tags=())
    one.start()

    await one.work()

    assert sorted(chat for chat, _ in one.sent) == sorted(yes)
    assert one.left_out() == {"no record of consent": len(no), "opted out": len(gone)}
    assert one.run().state is RunState.DONE
    assert {text for _, text in one.sent} == {f"Spring, P{number}!" for number in range(40)}


async def test_few_are_on_their_way_at_once(firm):
    one = firm(RULES + "    rate: 1 per 1h\n")
    one.people(100)
    one.start()

    await one.work(5)

    assert one.states() == {"planned": 83, "sent": 17}
    assert len(one.sent) == 1


async def test_who_opts_out_while_it_runs_gets_nothing(firm):
    one = firm(RULES + "    rate: 10 per 1h\n")
    people = one.people(30)
    one.start()
    await one.work(3)
    waiting = [chat for chat in people if chat not in dict(one.sent)]

    for chat in waiting[:7]:
        await one.hears(chat, "STOP")
    await one.work(80, minutes=10)

    got = {chat for chat, text in one.sent if text.startswith("Spring")}
    assert got == set(people) - set(waiting[:7])


async def test_who_is_not_meant_any_more_when_the_turn_comes_gets_nothing(firm):
    one = firm(RULES + "    exclude: {tag: rude}\n    rate: 1 per 1h\n")
    one.people(20)
    one.start()
    one.db.execute("DELETE FROM tags WHERE contact_id = 3")
    one.db.execute("INSERT INTO tags VALUES (4, 'rude', 0)")
    agree(one.db, 5, "unknown", one.now)
    await one.work(60, minutes=30)

    assert one.left_out() == {
        "excluded": 1, "no record of consent": 1, "not in the audience any more": 1
    }  # fmt: skip
    assert len(one.sent) == 17


async def test_a_pause_holds_what_did_not_leave_and_resume_lets_it_go(firm):
    one = firm(RULES + "    rate: 5 per 1h\n")
    one.people(12)
    one.start()
    await one.work(2)

    rounds.pause(one.db, "spring", "by a person")
    await one.work(20, minutes=20)
    assert len(one.sent) == 5

    rounds.resume(one.db, one.database.secret, one.named(), "", one.now)
    await one.work(30, minutes=20)
    assert len(one.sent) == 12


async def test_a_stop_ends_it_for_good(firm):
    one = firm(RULES + "    rate: 5 per 1h\n")
    one.people(30)
    one.start()
    await one.work(2)

    assert rounds.stop(one.db, "spring", "by a person", one.now) == 25
    await one.work(20, minutes=20)

    assert len(one.sent) == 5
    assert one.run().state is RunState.STOPPED
    with pytest.raises(CampaignRefused, match="its last preview is used up"):
        one.start(token="12345678")


async def test_an_edit_while_it_runs_holds_it_until_a_person_looked(firm):
    one = firm(RULES + "    rate: 5 per 1h\n")
    one.people(30)
    one.start()
    await one.work(2)

    one.later(minutes=1)
    one.edit(RULES.replace("Spring,", "Summer,") + "    rate: 5 per 1h\n")
    await one.work(10, minutes=20)
    assert one.run().state is RunState.PAUSED
    assert one.run().detail == (
        "it changed while it runs: 21 have the old version, 9 still wait; `alexia campaign"
        " preview spring`, then resume it with the token"
    )
    with pytest.raises(CampaignRefused, match="its last preview is used up"):
        rounds.resume(one.db, one.database.secret, one.named(), "00000000", one.now)

    _, token = one.look()
    rounds.resume(one.db, one.database.secret, one.named(), token, one.now)
    await one.work(60, minutes=20)
    texts = [text.split(",")[0] for _, text in one.sent]
    assert (texts.count("Spring"), texts.count("Summer")) == (21, 9)


async def test_it_stops_by_itself_when_its_stop_if_holds(firm):
    one = firm(RULES + "    rate: 20 per 1h\n    stop_if: optouts_rate > 0.05\n")
    people = one.people(60)
    one.start()
    await one.work(5)
    one.later(minutes=1)
    for chat in [chat for chat in people if chat in dict(one.sent)][:2]:
        await one.hears(chat, "STOP")
    one.later(minutes=1)

    await one.work(40, minutes=10)

    assert one.run().state is RunState.STOPPED
    assert one.run().detail == "stop_if holds (optouts_rate 10.0%); 40 get nothing"
    assert len([text for _, text in one.sent if text.startswith("Spring")]) == 20


async def test_an_answer_cancels_the_follow_up_and_silence_does_not(firm):
    later = (
        "    do:\n      - reply: Hello!\n"
        "      - later: {in: 2d, cancel_on: reply, do: {reply: Still there?}}\n"
    )
    one = firm(RULES.replace('    do: {reply: "Spring, $(contact.first_name)!"}\n', later))
    answers, silent = one.people(2)
    one.start()
    await one.work(3)

    await one.hears(answers, "tell me more")
    one.later(days=2, minutes=1)

    await one.turn(timers.chats_due(one.db, one.now))
    await one.carry()

    assert [chat for chat, text in one.sent if text == "Still there?"] == [silent]


async def test_a_text_that_cannot_be_worked_out_sends_nothing_of_it(firm):
    one = firm(RULES.replace("$(contact.first_name)", "$(10 / (contact.first_name | length))"))
    one.person("Ana")
    one.start()
    one.db.execute("UPDATE contacts SET name = ''")
    await one.work(3)

    assert one.left_out() == {"a text could not be worked out": 1}
    assert one.sent == []


async def test_a_campaign_that_starts_a_flow_hears_the_answer_there(firm):
    one = firm(
        "version: 1\ncampaigns:\n  ask:\n    audience: {tag: buyer}\n    do: {start: rate}\n"
        "flows:\n  rate:\n    slots: {stars: {type: integer, ask: How was it?}}\n"
        "    steps: [{ask: stars}, {reply: '$(stars) stars, thanks!'}]\n"
    )
    chat = one.person()
    one.start("ask")
    await one.work(3)

    await one.hears(chat, "5")
    await one.carry()

    assert [text for _, text in one.sent] == ["How was it?", "5 stars, thanks!"]
    rows = one.db.execute("SELECT why, by FROM outbox ORDER BY id").fetchall()
    assert [tuple(row) for row in rows] == [("campaign", "campaign:ask"), ("answer", "flow:rate")]


async def test_a_death_at_any_moment_sends_nothing_twice_and_loses_nobody(firm):
    one = firm()
    people = one.people(60)
    one.start()
    for number in range(200):
        lanes = one.step()
        if number % 3 == 0:
            continue  # dies before the turns: they wait in the chats
        await one.turn([*lanes, *events.chats_waiting(one.db)])
        if number % 3 == 1:
            await one.carry(5)

    assert sorted(chat for chat, _ in one.sent) == sorted(people)


async def test_progress_is_told(firm):
    one = firm()
    one.people(3)
    one.start()
    await one.work(5)

    event, told = one.told[-1]
    assert event == "campaign.progress"
    assert (told["campaign"], told["state"]) == ("spring", "done")
    assert told["recipients"] == {"sent": 3}
    assert campaigns.load(one.db, "spring").state == "over"


async def test_what_is_decided_while_it_is_stopped_is_not_said(firm):
    one = firm()
    one.people(3)
    one.start()
    lanes = one.step()
    claimed = [await one.database.write_each(one.pipeline._claim_all, lane) for lane in lanes]
    assert all(claimed)
    understood = [await one.pipeline._understand(each, one.pipeline.book) for each in claimed]

    rounds.stop(one.db, "spring", "by a person", one.now)
    for lane, each, read in zip(lanes, claimed, understood, strict=True):
        ready = pipeline._Ready(lane, each, read, one.pipeline.book)
        await one.database.write_each(one.pipeline._decide_all, ready)
    await one.carry()

    assert one.sent == []
    assert one.states() == {"suppressed": 3}
