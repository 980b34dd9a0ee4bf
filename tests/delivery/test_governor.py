"""What may leave now, what waits, and why."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.governor import BLOCKED, OPTED_OUT
from bot.delivery.pacing import CAREFUL, OFF, Campaigns, Growth, Halts, Pace, Quiet
from bot.domain.outgoing import Why
from bot.store import contacts, incidents, profiles
from bot.store.incidents import Incident
from tests.delivery.conftest import Desk
from tests.make import ACCOUNT, ANA, BO, NOW

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FREE = Campaigns(
    hourly=Pace(most=10_000, window=HOUR), jitter=(timedelta(0), timedelta(0)),
    warm_up=Growth(first=10_000, factor=1, most=10_000), gap=timedelta(0),
)  # fmt: skip


def only(**limits):
    return replace(OFF, **limits)


def paced(most):
    return only(account=(Pace(most=most, window=timedelta(minutes=1)),))


def test_people_go_before_replies_before_reminders_before_campaigns(desk):
    desk = desk(paced(3))
    desk.put("campaign", "1@c.us", Why.CAMPAIGN)
    desk.put("reminder", "2@c.us", Why.STARTED)
    desk.put("answer", "3@c.us", Why.ANSWER)
    desk.put("person", "4@c.us", Why.PERSON)

    assert desk.choose() == ["person", "answer", "reminder"]
    assert desk.why("campaign") == "the pace: 3 a minute"
    desk.later(minutes=1)
    assert desk.choose() == ["campaign"]


@pytest.mark.parametrize("why", [one for one in Why if one is not Why.PERSON])
def test_who_is_blocked_gets_nothing_but_what_a_person_writes(desk, why):
    desk = desk(OFF)
    person = contacts.meet(desk.db, ANA, "Ana", NOW)
    desk.db.execute("INSERT INTO identities VALUES ('77@lid', ?)", (person.id,))
    profiles.note_blocked(desk.db, "77@lid", on=True)
    desk.put("by itself", ANA, why)
    desk.put("other", BO, why)

    assert desk.choose() == ["other"]
    assert desk.why("by itself") == BLOCKED
    desk.put("hello", ANA, Why.PERSON)
    assert desk.choose() == ["hello"]


def test_a_person_is_never_paced(desk):
    desk = desk(paced(1))
    for number in range(5):
        desk.put(f"p{number}", f"{number}@c.us", Why.PERSON)

    assert len(desk.choose()) == 5


def test_the_pace_is_kept_over_a_restart(desk):
    first = desk(paced(2))
    for number in range(4):
        first.put(f"a{number}", f"{number}@c.us")
    assert len(first.choose()) == 2

    again = Desk(paced(2))
    again.database.close()
    again.database, again.db, again.now = first.database, first.db, first.now
    assert again.choose() == []
    assert again.why("a3") == "the pace: 2 a minute"
    again.later(minutes=1)
    assert again.choose() == ["a2", "a3"]


def test_an_answer_does_not_wait_behind_a_reminder_that_may_not_leave_yet(desk):
    desk = desk(only(started=(Pace(most=1, window=HOUR),)))
    desk.sent_before(1, timedelta(minutes=5), chat=ANA)
    desk.put("reminder", ANA, Why.STARTED)
    assert desk.choose() == []

    desk.put("answer", ANA)

    assert desk.choose() == ["answer"]
    assert desk.why("reminder") == "by itself 1 an hour to one contact"
    desk.later(minutes=56)
    assert desk.choose() == ["reminder"]


def test_a_campaign_does_not_wait_behind_another_that_may_not_leave_yet(desk):
    desk = desk(OFF)
    night = NOW + 12 * HOUR
    desk.governor.ask_campaign = lambda db, one, now: (
        (night, "outside the hours") if one.text == "night" and now < night else None
    )
    desk.put("night", ANA, Why.CAMPAIGN, "campaign:night")
    desk.put("night, too", ANA, Why.CAMPAIGN, "campaign:night")
    desk.put("spring", ANA, Why.CAMPAIGN, "campaign:spring")
    desk.put("spring, too", ANA, Why.CAMPAIGN, "campaign:spring")

    left = []
    for _ in range(3):
        left += desk.choose()
        desk.later(minutes=1)
    assert left == ["spring", "spring, too"]
    assert desk.why("night") == "outside the hours"
    desk.later(hours=12)
    assert [*desk.choose(), *desk.choose()] == ["night", "night, too"]


def test_held_messages_never_hide_others_that_may_leave(desk):
    desk = desk(only(quiet=Quiet(begins=NOW.time(), ends=(NOW + HOUR).time())))
    for number in range(10):
        desk.put(f"r{number}", f"{number}@c.us", Why.STARTED)
    desk.heard(ANA)
    desk.put("talk", ANA, Why.STARTED)

    assert desk.choose(most=4) == ["talk"]


@pytest.mark.parametrize(
    ("hour", "leaves"), [(20, True), (21, False), (3, False), (8, True), (12, True)]
)
def test_nothing_is_started_in_the_quiet_hours_of_the_contact(desk, hour, leaves):
    desk = desk(only(quiet=CAREFUL.quiet))
    desk.heard(ANA)
    desk.db.execute("UPDATE contacts SET timezone = 'America/Sao_Paulo'")
    desk.now = NOW.replace(hour=(hour + 3) % 24) + DAY  # São Paulo is three hours behind
    desk.put("reminder", ANA, Why.STARTED)

    assert desk.choose() == (["reminder"] if leaves else [])


def test_what_waits_for_the_morning_leaves_then(desk):
    desk = desk(only(quiet=CAREFUL.quiet))
    desk.now = NOW.replace(hour=23)
    desk.put("reminder", ANA, Why.STARTED)

    assert desk.choose() == []
    assert desk.why("reminder") == "quiet hours at the contact"
    desk.later(hours=9)
    assert desk.choose() == ["reminder"]


def test_who_is_talking_hears_what_was_promised_at_night(desk):
    desk = desk(only(quiet=CAREFUL.quiet))
    desk.now = NOW.replace(hour=23)
    desk.heard(ANA)
    desk.put("in ten minutes", ANA, Why.STARTED)
    desk.put("buy now", ANA, Why.CAMPAIGN)

    assert desk.choose() == ["in ten minutes"]


def test_an_identical_text_leaves_thirty_times_an_hour(desk):
    desk = desk(only(same_text=Pace(most=30, window=HOUR)))
    desk.sent_before(30, timedelta(minutes=59), text="same")
    desk.put("same", "9@c.us", Why.STARTED)
    desk.put("other", "8@c.us", Why.STARTED)

    assert desk.choose() == ["other"]
    desk.later(minutes=2)
    assert desk.choose() == ["same"]


def test_new_chats_grow_from_five_a_day(desk):
    desk = desk(only(new_chats=CAREFUL.new_chats))
    desk.sent_before(5, timedelta(hours=2), text="new {}")
    desk.put("sixth", "9@c.us", Why.STARTED)
    desk.heard(BO)
    desk.put("known", BO, Why.STARTED)

    assert desk.choose() == ["known"]
    assert desk.why("sixth") == "new chats 5 a day"
    desk.later(hours=23)
    assert desk.choose() == ["sixth"]


def test_whose_messages_are_kept_no_longer_is_no_new_chat(desk):
    desk = desk(only(new_chats=Growth(first=1, factor=1, most=1)))
    desk.sent_before(1, timedelta(hours=2))
    desk.heard(ANA)
    desk.db.execute("UPDATE contacts SET last_seen = 0")
    desk.db.execute("DELETE FROM inbox")
    desk.put("reminder", ANA, Why.STARTED)

    assert desk.choose() == ["reminder"]


def test_the_second_day_of_new_chats_allows_more(desk):
    desk = desk(only(new_chats=CAREFUL.new_chats))
    desk.sent_before(5, timedelta(hours=30), text="yesterday {}")
    for number in range(9):
        desk.put(f"n{number}", f"{number}@c.us", Why.STARTED)

    left = [text for _ in range(9) for text in desk.choose()]
    assert len(left) == 7  # 5 times 1.5


def test_campaigns_leave_one_by_one_with_pauses(desk):
    desk = desk(only(campaigns=CAREFUL.campaigns))
    for number in range(3):
        desk.put(f"c{number}", f"{number}@c.us", Why.CAMPAIGN, by="campaign:a")

    assert desk.choose() == ["c0"]
    desk.later(seconds=19)
    assert desk.choose() == []
    assert desk.why("c2") == "a pause between two campaign messages"
    desk.later(seconds=42)
    assert desk.choose() == ["c1"]


def test_campaigns_warm_up_from_twenty_a_day(desk):
    desk = desk(only(campaigns=replace(FREE, warm_up=CAREFUL.campaigns.warm_up)))
    desk.sent_before(20, timedelta(hours=5), why=Why.CAMPAIGN, by="campaign:a")
    desk.put("next", ANA, Why.CAMPAIGN, by="campaign:a")

    assert desk.choose() == []
    assert desk.why("next") == "campaigns 20 a day"
    desk.later(hours=20)
    assert desk.choose() == ["next"]


def test_one_campaign_a_contact_in_a_week_and_its_own_follow_up(desk):
    desk = desk(only(campaigns=replace(FREE, gap=timedelta(days=7))))
    desk.sent_before(1, timedelta(days=3), why=Why.CAMPAIGN, chat=ANA, by="campaign:a")
    desk.put("other", ANA, Why.CAMPAIGN, by="campaign:b")
    desk.put("follow up", BO, Why.CAMPAIGN, by="campaign:a")

    assert desk.choose() == ["follow up"]
    assert desk.why("other") == "one campaign a contact in 7 days"
    desk.later(days=4)
    assert desk.choose() == ["other"]


def test_who_opted_out_gets_nothing_that_the_bot_starts(desk):
    desk = desk()
    desk.heard(ANA)
    desk.put("reminder", ANA, Why.STARTED)
    desk.put("answer", ANA)
    desk.db.execute("UPDATE contacts SET consent = 'withdrawn'")

    assert desk.choose() == ["answer"]
    desk.choose()
    assert (desk.state("reminder")[0], desk.why("reminder")) == ("cancelled", OPTED_OUT)


def campaigning(desk, **halts):
    desk = desk(only(halts=replace(Halts(), **halts), campaigns=FREE))
    desk.put("campaign", "next@c.us", Why.CAMPAIGN)
    desk.put("reminder", "other@c.us", Why.STARTED)
    return desk


def test_a_warning_halts_campaigns_only(desk):
    desk = campaigning(desk)
    incidents.note(desk.db, ACCOUNT, Incident.WARNING, NOW)

    assert desk.choose() == ["reminder"]
    assert desk.why("campaign") == "halted: WhatsApp shows a warning"
    incidents.note(desk.db, ACCOUNT, Incident.WARNING_OVER, NOW)
    desk.later(minutes=1)
    assert desk.choose() == ["campaign"]


def test_three_disconnects_an_hour_halt_campaigns_for_that_hour(desk):
    desk = campaigning(desk)
    for minutes in (50, 30, 10):
        at = NOW - timedelta(minutes=minutes)
        incidents.note(desk.db, ACCOUNT, Incident.DISCONNECT, at)

    assert desk.choose() == ["reminder"]
    assert desk.why("campaign") == "halted: 3 disconnects within an hour"
    desk.later(minutes=11)
    assert desk.choose() == ["campaign"]


@pytest.mark.parametrize(("delivered", "halts"), [(15, True), (16, False)])
def test_campaigns_that_do_not_arrive_halt(desk, delivered, halts):
    desk = campaigning(desk)
    desk.sent_before(delivered, HOUR, why=Why.CAMPAIGN, by="campaign:a")
    desk.sent_before(20 - delivered, HOUR, why=Why.CAMPAIGN, by="campaign:a", ack=1)

    assert ("campaign" not in desk.choose()) is halts


def answered(desk, count, winner=""):
    """Let some of a hundred recipients write after it, and be decided so."""
    desk.sent_before(100, 2 * HOUR, why=Why.CAMPAIGN, by="campaign:a")
    for number in range(100):
        chat = f"55119000{number:05d}@c.us"
        if number < count:
            desk.heard(chat)
            contact = desk.db.execute("SELECT max(id) AS id FROM contacts").fetchone()["id"]
            desk.db.execute(
                "INSERT INTO traces (account, chat, contact_id, cause, event, at, winner,"
                " milliseconds, lines, effects, errors, rulebook)"
                " VALUES (?,?,?,'c','message',?,?,0,'[]','[]','[]','')",
                (ACCOUNT, chat, contact, NOW.timestamp(), winner),
            )


@pytest.mark.parametrize(
    ("replies", "winner", "said"),
    [
        (4, "", "halted: less than 5% of the last 100 replied"),
        (5, "", ""),
        (5, "guard:optout", "halted: more than 2% of the last 100 opted out"),
    ],
)
def test_campaigns_that_nobody_wants_halt_until_a_person_says_otherwise(
    desk, replies, winner, said
):
    desk = campaigning(desk)
    answered(desk, replies, winner)

    assert desk.governor.halt(desk.db, ACCOUNT, desk.now) == said
    desk.governor.forgive(desk.db, ACCOUNT, desk.now)
    assert desk.governor.halt(desk.db, ACCOUNT, desk.now) == ""


def test_with_pacing_off_nothing_waits(desk):
    desk = desk()
    desk.now = NOW.replace(hour=23)
    for number in range(50):
        desk.put("same", f"{number}@c.us", Why.CAMPAIGN)

    assert len(desk.choose()) == 50


@settings(deadline=None, max_examples=60)
@given(
    waits=st.lists(
        st.tuples(st.integers(0, 90), st.sampled_from(list(Why)), st.integers(0, 4)), max_size=25
    )
)
def test_whatever_comes_no_window_is_overrun_nothing_is_dropped_and_order_holds(waits):
    desk = Desk(replace(CAREFUL, account=(Pace(most=3, window=timedelta(minutes=1)),)))
    left = []
    for number, (seconds, why, chat) in enumerate(waits):
        desk.later(seconds=seconds)
        desk.put(f"{number}", f"551190000000{chat}@c.us", why)
        left += [(desk.now, text) for text in desk.choose()]
    left += desk.drain()
    desk.database.close()

    paced_ones = [at for at, text in left if waits[int(text)][1] not in (Why.PERSON, Why.CONSENT)]
    for start in paced_ones:
        assert sum(start <= at < start + timedelta(minutes=1) for at in paced_ones) <= 3
    assert sorted(int(text) for _, text in left) == list(range(len(waits)))
    for chat in range(5):
        answers = [
            int(text) for _, text in left
            if waits[int(text)][2] == chat and waits[int(text)][1] is Why.ANSWER
        ]  # fmt: skip
        assert answers == sorted(answers)


def test_a_group_has_a_pace_of_its_own(desk):
    desk = desk(only(group=(Pace(most=2, window=timedelta(minutes=1)),)))
    desk.sent_before(2, timedelta(seconds=30), why=Why.ANSWER, chat="1@g.us")
    desk.put("more", "1@g.us")
    desk.put("other", "2@g.us")
    desk.put("private", BO)

    assert sorted(desk.choose()) == ["other", "private"]
    assert desk.why("more") == "2 a minute in one group"
    desk.later(seconds=31)
    assert desk.choose() == ["more"]


def test_a_person_speaks_in_a_group_at_any_pace(desk):
    desk = desk(only(group=(Pace(most=1, window=timedelta(minutes=1)),)))
    desk.sent_before(1, timedelta(seconds=30), why=Why.ANSWER, chat="1@g.us")
    desk.put("mine", "1@g.us", Why.PERSON)

    assert desk.choose() == ["mine"]
