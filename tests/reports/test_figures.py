"""Each figure of a month is what another way of counting finds in the same database.

The month has 31 days of Madrid, one of them with 25 hours; times are compared with offsets that
are written out here.
"""

import json
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.reports.report import report
from bot.store.reading import reading
from tests.reports.conftest import BEGIN, END, ZONE, wanted

SUMMER_ENDS = datetime(2026, 10, 25, 1, tzinfo=UTC).timestamp()
FROM, TO = BEGIN.timestamp(), END.timestamp()
SAID = """
    WITH said AS (
        SELECT sent_at AS t, chat, iif(from_me, 'person', 'in') AS who FROM inbox
        UNION ALL SELECT handed_at, chat, iif(why IN ('person', 'campaign'), why, 'bot') FROM outbox
        WHERE handed_at IS NOT NULL AND state NOT IN ('failed', 'cancelled'))
"""


def rank(values, share):
    values = sorted(values)
    return values[max(0, -(-int(share * 100) * len(values) // 100) - 1)]


def by_who(said):
    return {"in": said.came, "bot": said.bot, "person": said.person, "campaign": said.campaign}


def test_messages_by_day_are_those_of_the_days_of_the_zone(found, ask):
    rows = ask(
        f"{SAID} SELECT date(t + iif(t < ?, 7200, 3600), 'unixepoch'), who, count(*) FROM said"
        " WHERE t >= ? AND t < ? GROUP BY 1, 2", SUMMER_ENDS, FROM, TO,
    )  # fmt: skip
    counted = {(day.isoformat(), who): n for day, said in found.volume.days
               for who, n in by_who(said).items() if n}  # fmt: skip

    assert counted == {(day, who): n for day, who, n in rows}
    assert len(found.volume.days) == 31
    assert sum(counted.values()) == found.volume.whole.came + found.volume.whole.went > 2000


def test_messages_by_hour_are_those_of_the_clock_on_the_wall(found, ask):
    rows = ask(f"{SAID} SELECT t, who FROM said WHERE t >= ? AND t < ?", FROM, TO)
    counted = Counter((datetime.fromtimestamp(t, ZONE).hour, who) for t, who in rows)

    assert counted == Counter({
        (hour, who): n for hour, said in enumerate(found.volume.hours)
        for who, n in by_who(said).items() if n
    })  # fmt: skip


def test_active_chats_and_new_contacts(found, ask):
    wrote = ask("SELECT sent_at, chat FROM inbox WHERE NOT from_me AND sent_at >= ?"
                " AND sent_at < ?", FROM, TO)  # fmt: skip
    days = defaultdict(set)
    for t, chat in wrote:
        days[datetime.fromtimestamp(t, ZONE).date()].add(chat)
    met = ask("SELECT last_seen FROM contacts WHERE first_seen BETWEEN ? AND ?", FROM, TO)

    assert found.volume.chats == len({chat for _, chat in wrote})
    assert found.volume.active == tuple(len(days[day]) for day, _ in found.volume.days)
    assert found.volume.new == len(met) > 0
    assert found.volume.new_wrote == sum(row[0] is not None for row in met)


def test_the_time_of_the_bot_runs_from_arrival_to_the_hand_over_and_to_whatsapp(found, ask):
    rows = ask(
        "SELECT i.received_at, o.handed_at, (SELECT min(at) FROM receipts r WHERE r.ack = 1"
        " AND r.message_id = o.message_id) FROM outbox o JOIN inbox i ON i.message_id = replace("
        "o.cause, i.account || '|' || i.chat || '||', '') WHERE o.ordinal = 0 AND NOT i.from_me"
        " AND o.state NOT IN ('failed', 'cancelled') AND i.sent_at >= ? AND i.sent_at < ?",
        FROM, TO,
    )  # fmt: skip
    handed = [after - before for before, after, _ in rows]
    sent = [after - before for before, _, after in rows if after is not None]

    for spread, times in ((found.response.handed, handed), (found.response.sent, sent)):
        assert spread.count == len(times) > 500
        assert spread.median == pytest.approx(rank(times, 0.5))
        assert spread.p95 == pytest.approx(rank(times, 0.95))


QUESTIONS = """
    WITH said AS (
        SELECT chat, min(received_at, sent_at + 1) AS t, iif(from_me, 'person', '') AS who
        FROM inbox WHERE sent_at >= ?1 - 86400
        UNION ALL SELECT chat, handed_at, 'bot' FROM outbox
        WHERE why IN ('answer', 'consent') AND state NOT IN ('reserved', 'failed', 'cancelled')
        AND handed_at >= ?1 - 86400),
    marked AS (SELECT *, lag(who) OVER w AS before, lag(t) OVER w AS earlier FROM said
        WINDOW w AS (PARTITION BY chat ORDER BY t, who)),
    begun AS (SELECT chat, t, lead(t, 1, 1e12) OVER (PARTITION BY chat ORDER BY t) AS next
        FROM marked WHERE who = '' AND (before IS NOT '' OR t - earlier > 600)),
    answered AS (SELECT t,
        (SELECT min(s.t) FROM said s WHERE s.chat = b.chat AND s.who = 'bot'
            AND s.t >= b.t AND s.t < b.next) AS bot,
        (SELECT min(s.t) FROM said s WHERE s.chat = b.chat AND s.who = 'person'
            AND s.t >= b.t AND s.t < b.next) AS person,
        (SELECT min(s.t) FROM said s WHERE s.chat = b.chat AND s.who = 'person'
            AND s.t >= b.t AND s.t <= b.t + 86400) AS later
        FROM begun b WHERE t >= ?1 AND t < ?2)
    SELECT t, bot, person, later FROM answered
"""


def test_questions_are_answered_by_the_bot_a_person_or_nobody(found, ask):
    rows = ask(QUESTIONS, FROM, TO)
    by_bot = [row for row in rows if row[1] is not None]
    by_person = [row for row in rows if row[1] is None and row[3] is not None]
    waits = [row[2] - row[0] for row in by_bot if row[2] is not None]
    waits += [row[3] - row[0] for row in by_person]
    told = found.response

    assert (told.by_bot, told.by_person) == (len(by_bot), len(by_person))
    assert told.unanswered == len(rows) - len(by_bot) - len(by_person)
    assert min(told.by_bot, told.by_person, told.unanswered) > 10
    assert told.person.count == len(waits) > 50
    assert told.person.median == pytest.approx(rank(waits, 0.5))
    assert told.person.p95 == pytest.approx(rank(waits, 0.95))


def test_what_became_of_messages_is_what_the_outbox_says(found, ask):
    states = Counter()
    for why, state in ask("SELECT why, state FROM outbox WHERE created_at >= ?"
                          " AND created_at < ?", FROM, TO):  # fmt: skip
        states[why, state] += 1
    names = ("sent", "delivered", "read")
    for one in found.delivery.kinds:
        assert one.decided == sum(n for (why, _), n in states.items() if why == one.kind)
        counts = [states[one.kind, name] for name in names]
        assert (one.sent, one.delivered, one.read) == (sum(counts), sum(counts[1:]), counts[2])
        assert one.failed == states[one.kind, "failed"]
        assert one.kept == states[one.kind, "cancelled"]
        assert one.waiting == states[one.kind, "reserved"]
        assert one.decided == one.sent + one.waiting + one.underway + one.failed + one.kept
    assert found.delivery.whole.decided == sum(states.values())


def test_the_receipts_agree_with_the_rates(found, ask):
    rows = ask("SELECT r.ack, count(*) FROM receipts r JOIN outbox o USING (message_id)"
               " WHERE o.created_at >= ? AND o.created_at < ? GROUP BY 1", FROM, TO)  # fmt: skip
    whole = found.delivery.whole

    assert dict(map(tuple, rows)) == {1: whole.sent, 2: whole.delivered, 3: whole.read}


def test_reasons_are_told_for_all_that_failed_was_kept_or_waits(month, ask):
    later = END + timedelta(days=3)
    with reading(month) as db:
        told = report(db, "default", wanted_until(later)).delivery
    rows = ask("SELECT state, coalesce(nullif(detail, ''), held_why), count(*) FROM outbox"
               " WHERE state IN ('failed', 'cancelled', 'reserved') AND created_at >= ?"
               " GROUP BY 1, 2", FROM)  # fmt: skip
    names = {"failed": "failed", "cancelled": "kept", "reserved": "waiting"}

    assert {(one.what, one.why): one.count for one in told.reasons} == {
        (names[state], why): n for state, why, n in rows
    }
    assert {one.what for one in told.reasons} == {"failed", "kept", "waiting"}


def wanted_until(until):
    from bot.reports.period import Period
    from bot.reports.wanted import Wanted

    return Wanted(period=Period(since=BEGIN, until=until, zone=ZONE), now=until)


def lines_of(ask, until=TO):
    for contact, at, winner, lines in ask(
        "SELECT contact_id, at, winner, lines FROM traces WHERE at >= ? ORDER BY id", FROM
    ):
        for path, outcome, _ in json.loads(lines):
            if at < until:
                yield contact, at, winner, path, outcome


def test_the_funnel_of_a_flow_counts_runs_and_where_they_stop(found, ask):
    (funnel,) = found.funnels
    lines = list(lines_of(ask, 1e12))
    inside = [one for one in lines if one[1] < TO]
    count = Counter(outcome for *_, path, outcome in inside if path.endswith("flow order"))
    asked = Counter(path.rpartition(" ")[2] for *_, path, outcome in inside if outcome == "asked")
    late = sum(at >= TO and outcome == "started" for _, at, _, _, outcome in lines)

    assert funnel.begun == count["started"]
    assert funnel.finished == count["finished"]
    assert funnel.expired == count["expired"]
    assert funnel.cancelled == sum(outcome == "cancelled" for *_, outcome in inside)
    assert funnel.begun == funnel.finished + funnel.abandoned + funnel.under_way
    assert [step.slot for step in funnel.steps] == ["size", "topping", "address", "confirm"]
    assert {step.slot: step.reached for step in funnel.steps} == dict(asked)
    assert sum(step.last for step in funnel.steps) == funnel.abandoned
    assert sum(step.resting for step in funnel.steps) == funnel.under_way
    for step, after in pairwise(funnel.steps):
        assert step.reached - step.last - step.resting == after.reached
    assert late > 0, "runs that begin after the period are not in it"


def test_who_had_the_word_is_counted_by_turns_and_people(found, ask):
    rows = ask("SELECT winner, contact_id FROM traces WHERE at >= ? AND at < ?", FROM, TO)
    turns = Counter(winner for winner, _ in rows if winner)

    assert {one.name: one.turns for one in found.winners} == turns
    assert {one.name: one.people for one in found.winners} == {
        name: len({who for winner, who in rows if winner == name}) for name in turns
    }


def test_of_each_rule_answers_and_handoffs_are_counted(found, ask):
    rows = ask("SELECT winner, effects, lines FROM traces WHERE at >= ? AND at < ?", FROM, TO)
    answers, handoffs = Counter(), Counter()
    for winner, effects, lines in rows:
        answers[winner] += "Send" in json.loads(effects)
        handoffs[winner] += any(path.startswith("handoff ") for path, *_ in json.loads(lines))

    assert {one.name: one.answered for one in found.winners} == {
        one.name: answers[one.name] for one in found.winners
    }
    assert sum(handoffs.values()) > 0
    assert {one.name: one.handoffs for one in found.winners} == {
        one.name: handoffs[one.name] for one in found.winners
    }
    assert any(one.seconds for one in found.winners)


def test_intents_and_tones_are_those_of_the_traces(found, ask):
    intents, tones = Counter(), Counter()
    for _, at, _, path, outcome in lines_of(ask):
        kind, _, name = path.partition(" ")
        if kind == "intent":
            intents[name, outcome] += 1
        elif kind == "sentiment":
            tones[datetime.fromtimestamp(at, ZONE).date(), name] += 1
    told = found.readings

    assert {(one.name, "read"): one.read for one in told.intents} | {
        (one.name, "unsure"): one.unsure for one in told.intents
    } == intents
    names = ("negative", "neutral", "positive")
    counted = {(day, name): getattr(tone, name) for day, tone in told.days for name in names}
    assert {key: n for key, n in counted.items() if n} == tones
    assert told.tones.count == sum(tones.values()) > 100


def test_texts_that_no_rule_knew_are_counted_and_put_together(found, ask):
    rows = ask(
        "SELECT i.text, t.winner FROM inbox i JOIN traces t ON t.cause = i.account || '|' ||"
        " i.chat || '||' || i.message_id WHERE t.winner IN ('', 'rule:sorry') AND t.event ="
        " 'message' AND i.sent_at >= ? AND i.sent_at < ?", FROM, TO,
    )  # fmt: skip
    sundays = [text for text, _ in rows if re.match("do you deliv", text)]
    told = found.unanswered

    assert told.texts == len(rows) > 50
    assert told.fallback == sum(winner == "rule:sorry" for _, winner in rows) > 10
    assert told.alike[0].count == len(sundays)
    assert set(told.alike[0].texts) == set(sundays)
    assert sum(one.count for one in told.alike) == len(rows), "fewer kinds than are told"


def test_people_are_counted_by_tag_consent_and_handoff(found, ask):
    def counted(sql, *values):
        return dict(map(tuple, ask(sql, *values)))

    told = found.people
    assert {one.name: one.count for one in told.tags} == counted(
        "SELECT tag, count(*) FROM tags GROUP BY 1"
    )
    assert {one.name: one.count for one in told.consent} == counted(
        "SELECT consent, count(*) FROM contacts GROUP BY 1"
    )
    ledger = Counter(map(tuple, ask(
        "SELECT source, state FROM consents WHERE at BETWEEN ? AND ?", FROM, TO
    )))  # fmt: skip
    assert ledger == Counter({
        (one.source, state): n for one in told.agreed
        for state, n in (("granted", one.granted), ("withdrawn", one.withdrawn)) if n
    })  # fmt: skip
    assert told.opted_out == ledger["word:stop", "withdrawn"] > 0
    given = sum(path == "handoff kitchen" for *_, path, _ in lines_of(ask))
    assert [(one.name, one.count) for one in told.handoffs] == [("kitchen", given)]
    assert told.taken_over == sum(
        row[0] for row in ask("SELECT count(*) FROM inbox WHERE from_me AND decided_at >= ?"
                              " AND decided_at < ?", FROM, TO)
    )  # fmt: skip
    assert told.muted == 2


def test_leads_are_counted_by_stage_owner_and_source(found, ask):
    rows = ask("SELECT stage, owner, fields, score, created_at FROM leads")
    told = found.leads

    assert told.count == len(rows) > 10
    assert told.new == sum(FROM <= row[4] < TO for row in rows) > 0
    for groups, key in (
        (told.stages, lambda row: row[0]), (told.owners, lambda row: row[1]),
        (told.sources, lambda row: json.loads(row[2]).get("source", "")),
    ):  # fmt: skip
        counted = Counter(map(key, rows))
        assert {one.name: one.count for one in groups} == counted
        for one in groups:
            scores = [row[3] for row in rows if key(row) == one.name]
            assert one.score == pytest.approx(sum(scores) / len(scores), abs=0.051)


def test_stages_that_leads_came_to_are_those_of_their_history(found, ask):
    rows = ask("SELECT stage, contact_id, cause FROM lead_changes WHERE undone_at IS NULL"
               " AND at >= ? AND at < ?", FROM, TO)  # fmt: skip
    came = Counter(stage for stage, _, cause in rows if not cause.startswith("undo|"))

    assert {one.stage: one.times for one in found.leads.moves} == came
    assert sum(one.people for one in found.leads.moves) == len(
        {who for _, who, cause in rows if not cause.startswith("undo|")}
    )
    assert "lost" not in came, "they were taken back"
    assert len(rows) > sum(came.values()) > 0


def test_campaigns_tell_what_was_sent_and_who_wrote_back(found, ask):
    (told,) = found.campaigns.campaigns
    rows = ask("SELECT chat, state, handed_at FROM outbox WHERE why = 'campaign'"
               " AND created_at >= ? AND created_at < ?", FROM, TO)  # fmt: skip
    wrote = ask("SELECT chat, received_at FROM inbox WHERE NOT from_me")
    stopped = ask("SELECT address, at FROM consents JOIN identities USING (contact_id)"
                  " WHERE state = 'withdrawn'")  # fmt: skip

    def within(did, chat, at):
        return at and any(other == chat and at < t <= at + 7 * 86400 for other, t in did)

    out = [within(stopped, chat, at) for chat, _, at in rows]
    assert (told.name, told.decided) == ("two_for_one", len(rows))
    assert told.sent == sum(state in ("sent", "delivered", "read") for _, state, _ in rows)
    assert told.failed == sum(state == "failed" for _, state, _ in rows)
    assert told.opted_out == sum(map(bool, out)) > 0
    assert told.replied == sum(
        bool(within(wrote, chat, at)) and not gone
        for (chat, _, at), gone in zip(rows, out, strict=True)
    ) > 10  # fmt: skip


def test_with_a_tag_only_its_people_count(month, found, ask):
    with reading(month) as db:
        told = report(db, "default", wanted(tag="vip"))
    chats = {row[0] for row in ask("SELECT address FROM identities JOIN tags USING (contact_id)"
                                   " WHERE tag = 'vip'")}  # fmt: skip
    wrote = ask("SELECT chat FROM inbox WHERE NOT from_me AND sent_at >= ? AND sent_at < ?",
                FROM, TO)  # fmt: skip

    assert told.volume.whole.came == sum(row[0] in chats for row in wrote)
    assert 0 < told.volume.whole.came < found.volume.whole.came
    assert 0 < told.response.questions < found.response.questions
    assert 0 < told.funnels[0].begun < found.funnels[0].begun
    assert {one.name for one in told.people.tags} == {"vip"}
    assert 0 < told.delivery.whole.decided < found.delivery.whole.decided
    assert 0 < told.leads.count < found.leads.count


def test_without_texts_no_word_of_a_customer_is_in_it(month, found):
    with reading(month) as db:
        told = report(db, "default", wanted(texts=False))

    assert told.unanswered.texts == found.unanswered.texts
    assert told.unanswered.alike == ()


def test_the_database_of_a_period_without_a_word_gives_nothing(month):
    with reading(month) as db:
        told = report(db, "default", wanted_until(BEGIN + timedelta(seconds=1)))

    assert told.volume.whole.came == 0
    assert told.response.person.median is None
    assert told.delivery.kinds == ()
    assert told.funnels == ()
