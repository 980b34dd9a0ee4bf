"""Segments: SQL finds exactly whom the engine would, and leaves the rest to it."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.consents import ConsentEntry, ConsentState
from bot.domain.conversation import Conversation, Frame
from bot.domain.leads import Lead
from bot.domain.messages import ChatId
from bot.domain.numbers import chat_of
from bot.domain.turns import TurnSettings
from bot.domain.values import to_json
from bot.engine.compiled import compile_rulebook
from bot.engine.conditions import hold
from bot.language.reading import read_rulebook
from bot.store import cipher, consents, contacts, conversations, leads
from bot.store.segments import Segments
from tests.make import ACCOUNT, NOW
from tests.stored import fresh

HEAD = """\
version: 1
fields:
  points: {type: integer, default: 5}
  weight: {type: number}
  sum: {type: money}
  vip: {type: yes_no}
  plan: {type: choice, choices: [gold, silver], default: silver}
  city: {type: text}
  born: {type: date}
vars: {limit: {type: integer, default: 4}}
hours: {day: {days: {mon-sun: "08:00-20:00"}}}
segments:
"""
CONDITIONS = (
    "{tag: vip}", "{tag: [vip, new]}", "{not: {tag: vip}}", "{lead: {stage: won}}",
    "{lead: {score: '>= 5'}}", "{not: {lead: {stage: won}}}", "{language: pt}", "{language: en}",
    "{consent: true}", "{consent: false}", "{in_flow: any}", "{in_flow: none}",
    "{in_flow: order}", "{contact: {plan: gold}}", "{contact: {vip: 'true'}}",
    "{contact: {city: Rio}}", "contact.points > 5", "contact.points <= 5", "contact.points == 5",
    "contact.points != 5", "contact.weight >= 1.5", "contact.weight == none", "contact.sum < 10",
    "contact.vip", "not contact.vip", "contact.vip == false", "contact.plan == 'gold'",
    "contact.plan != 'gold'", "contact.city", "contact.city == none", "'vip' in contact.tags",
    "'vip' not in contact.tags", "contact.consent", "lead.stage == 'won'", "lead.score > 3",
    "lead.owner == none", "contact.last_seen < now - '7d'", "contact.last_seen > now - '7d'",
    "contact.last_seen == none", "contact.points > 5 and 'vip' in contact.tags",
    "contact.vip or lead.score < 5", "contact.points + 1 > 5", "contact.born < today - '7d'",
    "contact.first_name | length > 3", "contact.weight > contact.points", "contact.points > -1",
)  # fmt: skip
EXACT = CONDITIONS[:-5] + CONDITIONS[-1:]
COLUMNS = (
    "{any: [{tag: vip}, 'contact.points * 2 > 9']}", "{not: 'contact.first_name | length > 4'}",
    "{all: ['contact.first_name | length > 3', {not: {tag: new}}]}",
    "[{segment: s0}, 'contact.sum * 2 > lead.score']", "{segment: [s1, s44]}",
    "contact.language == 'pt'", "(contact.born | date) != ''",
    "contact.number | length > 5", "contact.first_seen | date != contact.plan",
    "(contact.tags | length) > 1", "contact.timezone == none and contact.points + 1 > 0",
    "contact.city / 2 > 1", "vars.limit < contact.points",
    "now > contact.first_seen and today >= contact.born", "lead.owner != lead.stage",
    "is_open('day') or contact.weight * 1 > 1",
)  # fmt: skip
"""Worked out over columns: the engine makes no turn for them."""
TURNS = (
    "has_tag('vip') and contact.points + 1 > 5", "count('x') < contact.points",
    "contact['points'] > 5", "(lead | length) > 2", "lead.notes == contact.city",
    "chat.flow != none", "{contact: {city: $(contact.plan)}}",
    "[{any: [{tag: vip}, has_tag('new')]}, contact.points + 1 > 5]",
)  # fmt: skip
"""Only the engine can tell."""
RECKONED = (
    "contact.name | length > 3", "{not: 'contact.name | length == 4'}", "lead.score % 3 == 1",
    "not lead.score % 2", "{not: '(lead.score - 7) % 5 > 2'}", "(lead.score + 2) * 3 >= 12",
    "(lead.score - 5) % 4 == 3 or (lead.stage | length) == 3", "lead.score + 0.0 > 3",
    "(lead.owner | length) == 0 and lead.score * 1 != none", "lead.score % 2 == none",
    "{any: [{tag: new}, 'contact.name | length > 4 and lead.score % 2 == 1']}",
)  # fmt: skip
"""SQL reckons as the engine does; the one with a fraction is worked out over columns."""
PARTLY = (
    "contact.name | length > 3 and contact.first_name != contact.city",
    "(lead.score > 3 and contact.points + 1 > 5) and (contact.vip or contact.city / 2 > 1)",
    "{not: 'lead.score > 3 and contact.points + 1 > 5'}",
)
"""SQL leaves fewer to look at."""


def _quoted(condition):
    return condition if condition[0] in "{[" else f'"{condition}"'


def rulebook(*segments):
    text = HEAD + "".join(f"  s{n}: {_quoted(one)}\n" for n, one in enumerate(segments))
    flows = "flows: {order: {slots: {a: {type: text, ask: A}}, steps: [{ask: a}]}}\n"
    book, problems = read_rulebook({"rules/a.yaml": text + flows})
    assert book is not None, "\n".join(map(str, problems))
    return book


NAMED = (*CONDITIONS, *COLUMNS, *TURNS, *RECKONED, *PARTLY)
ALL = compile_rulebook(rulebook(*NAMED))
PERSON = st.fixed_dictionaries({
    "tags": st.sets(st.sampled_from(["vip", "new", "x"])),
    "language": st.sampled_from([None, "pt", "pt-BR", "en"]),
    "consent": st.sampled_from([None, *ConsentState]),
    "seen": st.sampled_from([None, 0, 6, 8]),
    "lead": st.none() | st.tuples(st.sampled_from(["won", "new"]), st.integers(0, 9)),
    "flow": st.sampled_from([None, "", "order"]),
    "fields": st.fixed_dictionaries({}, optional={
        "points": st.integers(0, 9), "weight": st.sampled_from([1.5, 2, 0.25]),
        "sum": st.decimals(0, 20, places=2), "vip": st.booleans(),
        "plan": st.sampled_from(["gold", "silver"]), "city": st.sampled_from(["Rio", "rio"]),
        "born": st.dates(NOW.date() - timedelta(days=9), NOW.date()),
    }),
})  # fmt: skip


def settle(db, number, given):
    address = chat_of(f"+55119{number:08}")
    one = contacts.meet(db, address, f"P{number}" * (1 + number % 3), NOW)
    fields = {name: to_json(value) for name, value in given["fields"].items()}
    seen = None if given["seen"] is None else (NOW - timedelta(days=given["seen"])).timestamp()
    db.execute(
        "UPDATE contacts SET fields = ?, language = ?, last_seen = ? WHERE id = ?",
        (json.dumps(fields), given["language"], seen, one.id),
    )
    for tag in given["tags"]:
        contacts.tag(db, one.id, tag, NOW, on=True)
    if given["consent"] is not None:
        consents.record(db, one.id, ConsentEntry(when=NOW, state=given["consent"], source="x"))
    if given["lead"] is not None:
        stage, score = given["lead"]
        leads.keep(db, Lead(contact_id=one.id, stage=stage, score=score), NOW)
    if given["flow"] is not None:
        frames = (Frame(flow="order", version="v", step="0", since=NOW),) if given["flow"] else ()
        talk = Conversation(chat=ChatId(address), frames=frames, language=given["language"])
        conversations.keep(db, ACCOUNT, one.id, talk)
    return one.id


def segments(db, compiled=ALL):
    settings = TurnSettings(timezone="America/Sao_Paulo", language="en")
    return Segments(db, compiled, settings, NOW)


@settings(deadline=None, max_examples=60)
@given(st.lists(PERSON, min_size=1, max_size=4))
def test_sql_finds_exactly_whom_the_engine_would(people):
    db = fresh()
    ids = [settle(db, number, given) for number, given in enumerate(people)]
    of = segments(db)
    for name, segment in ALL.rulebook.segments.items():
        meant = [one for one, draft in of._drafts(ids) if hold(segment.conditions, draft)]
        assert of.members(name) == meant, NAMED[int(name[1:])]
    db.close()


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_engine_is_asked_only_where_sql_cannot_tell(condition):
    db = fresh()
    compiled = compile_rulebook(rulebook(condition))
    sieve = segments(db, compiled).sieve(compiled.rulebook.segments["s0"].conditions)

    assert sieve.is_exact is (condition in EXACT)
    assert (
        segments(db, compiled).told_by(compiled.rulebook.segments["s0"].conditions) == "sql"
    ) is (condition in EXACT)
    db.close()


@pytest.mark.parametrize("number", range(len(CONDITIONS), len(NAMED)))
def test_the_engine_makes_a_turn_only_where_it_must(number):
    db = fresh()
    conditions = ALL.rulebook.segments[f"s{number}"].conditions

    by = "turns" if NAMED[number] in TURNS else "columns"
    if NAMED[number] in RECKONED and "0.0" not in NAMED[number]:
        by = "sql"
    assert segments(db).told_by(conditions) == by
    db.close()


def test_somebody_with_something_sealed_is_looked_at_by_the_engine():
    db = fresh()
    one = settle(db, 1, {"tags": {"vip"}, "language": None, "consent": None, "seen": None,
                         "lead": None, "flow": None, "fields": {}})  # fmt: skip
    sealed = json.dumps({"city": cipher.sealed(db, "Rio", contacts.place_of(one, "city"))})
    db.execute("UPDATE contacts SET fields = ?", (sealed,))
    compiled = compile_rulebook(rulebook("contact.city | length == 3", "contact.points * 2 > 99"))

    assert [segments(db, compiled).members(name) for name in ("s0", "s1")] == [[one], []]
    db.close()


@pytest.mark.parametrize("name", ["Ana\0Souza", "", "Éa"])
def test_the_length_of_a_name_is_that_of_all_its_letters(name):
    db = fresh()
    one = settle(db, 1, {"tags": set(), "language": None, "consent": None, "seen": None,
                         "lead": None, "flow": None, "fields": {}})  # fmt: skip
    db.execute("UPDATE contacts SET name = ?", (name,))
    shown = name or db.execute("SELECT number FROM contacts").fetchone()[0]
    compiled = compile_rulebook(rulebook(f"contact.name | length == {len(shown)}"))

    assert segments(db, compiled).members("s0") == [one]
    db.close()


def test_sql_lets_only_those_pass_of_whom_a_part_of_an_and_holds():
    db = fresh()
    for number in range(4):
        settle(db, number, {"tags": set(), "language": None, "consent": None, "seen": None,
                            "lead": ("won", number), "flow": None, "fields": {}})  # fmt: skip
    compiled = compile_rulebook(rulebook("lead.score > 1 and contact.points + 1 > 5"))
    sieve = segments(db, compiled).sieve(compiled.rulebook.segments["s0"].conditions)

    passed = db.execute(
        f"SELECT l.score FROM contacts c JOIN leads l ON l.contact_id = c.id WHERE {sieve.sql}",
        sieve.values,
    )
    assert [row[0] for row in passed] == [2, 3]
    assert not sieve.is_exact
    db.close()


def test_segments_are_made_of_segments():
    db = fresh()
    for number, tags in enumerate([{"vip"}, {"new"}, {"vip", "new"}, set()]):
        settle(db, number, {"tags": tags, "language": None, "consent": None, "seen": None,
                            "lead": None, "flow": None, "fields": {}})  # fmt: skip
    both, only = "{segment: [s0, s1]}", "[{segment: s0}, {not: {segment: s1}}]"
    compiled = compile_rulebook(rulebook("{tag: vip}", "{tag: new}", both, only))
    of = segments(db, compiled)

    assert [of.members(name) for name in of.names()] == [[1, 3], [2, 3], [1, 2, 3], [1]]
    db.close()
