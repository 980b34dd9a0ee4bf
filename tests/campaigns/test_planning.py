from dataclasses import replace

import pytest

from bot.campaigns.figures import figures, total
from bot.campaigns.forecast import Allowance
from bot.campaigns.planning import drafts, gather, reasons
from bot.campaigns.preview import preview
from bot.domain.campaigns import LeftOut
from bot.domain.errors import CampaignRefused
from bot.engine.conditions import hold, holds
from bot.store import campaigns, contacts, identities
from tests.campaigns.conftest import RULES

WHO = """\
version: 1
fields: {{vip: {{type: yes_no, default: false}}}}
segments:
  keen: [{{consent: true}}, {{tag: buyer}}, {{lead: {{score: ">= 5"}}}}]
  vips: contact.vip
  loud: {{tag: rude}}
  buyers: {{tag: buyer}}
campaigns:
  spring:
    audience: {audience}
    exclude: {exclude}
    do: {{reply: Hello}}
"""


def crowd(one):
    """Make people of many kinds."""
    for number in range(60):
        one.person(
            f"P{number}", consent=("given", "given", "unknown", "withdrawn")[number % 4],
            tags=tuple(tag for place, tag in enumerate(("buyer", "rude")) if number >> place & 1),
            language=(None, "es", "pt-BR")[number % 3],
            lead=None if number % 5 == 0 else (("new", "hot")[number % 2], number),
        )  # fmt: skip
    one.db.execute("UPDATE contacts SET fields = '{\"vip\": true}' WHERE id % 7 = 0")


@pytest.mark.parametrize(
    "exclude",
    [
        "{tag: rude}", "[{tag: rude}, contact.vip]", "[{tag: rude}, 'lead.score % 3 == 0']",
        "[contact.vip, has_tag('rude')]",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "audience",
    [
        "{tag: buyer}",
        "{tag: [buyer, rude]}",
        "{language: es}",
        "{language: [pt, en]}",
        "{lead: {stage: hot}}",
        '{lead: {stage: [hot, new], score: ">= 30"}}',
        '[{consent: true}, {any: [{tag: buyer}, {lead: {score: "< 9"}}]}]',
        "{not: {tag: buyer}}",
        "{not: {lead: {stage: hot}}}",
        "{in_flow: none}",
        "{all: [{tag: buyer}, {not: {language: es}}]}",
        "contact.vip",
        '{contact: {vip: "true"}}',
        "{not: {any: [contact.vip, {tag: buyer}]}}",
        "lead.score > 20 and 'buyer' in contact.tags",
        "contact.name | length > 2 and contact.language == 'es'",
        "[{tag: buyer}, 'lead.score * 2 > 30', has_tag('rude')]",
        "{any: [{language: pt}, 'lead.score % 7 == 1']}",
        "{segment: keen}",
        "[{segment: [keen, vips]}, {not: {segment: loud}}]",
        "{segment: buyers}",
        "[{segment: [buyers, vips]}, {not: {segment: vips}}]",
    ],
)
def test_who_is_meant_is_whom_the_engine_means(firm, audience, exclude):
    one = firm(WHO.format(audience=audience, exclude=exclude))
    crowd(one)
    campaign = one.named()
    everybody = (
        "SELECT c.id AS contact_id, i.address AS chat FROM contacts c JOIN identities i"
        " ON i.contact_id = c.id WHERE c.consent = 'given'"
    )
    wanted = {
        contact for contact, draft in drafts(one.db, one.office, one.now, everybody)
        if hold(campaign.audience, draft)
        and not any(holds(condition, draft) for condition in campaign.exclude)
    }  # fmt: skip

    gather(one.db, one.office, campaign, one.now)

    got = one.db.execute("SELECT contact_id FROM meant WHERE reason = ''")
    assert {row[0] for row in got} == wanted
    assert len(wanted) < 40


def test_whoever_is_left_out_is_counted_by_the_reason(firm):
    one = firm(WHO.format(audience="{tag: buyer}", exclude="{tag: rude}"))
    one.people(5)
    one.people(2, consent="unknown")
    one.person(consent="withdrawn")
    one.person(tags=("buyer", "rude"))
    gone = one.person("Without An Address")
    one.db.execute("DELETE FROM identities WHERE address = ?", (gone,))

    gather(one.db, one.office, one.named(), one.now)

    assert reasons(one.db) == {
        "": 5, LeftOut.NO_CONSENT: 2, LeftOut.EXCLUDED: 1, LeftOut.NO_ADDRESS: 1,
        LeftOut.OPTED_OUT: 1,
    }  # fmt: skip


def test_consent_that_no_entry_shows_does_not_count(firm):
    one = firm()
    chat = one.person()
    one.db.execute("DELETE FROM consents")
    assert contacts.find(one.db, chat).consent == "given"

    with pytest.raises(CampaignRefused, match="1 no record of consent"):
        one.look()


def test_the_shares_are_kept_all_along_and_by_chance(firm):
    rules = RULES.replace('    do: {reply: "Spring, $(contact.first_name)!"}\n', "") + (
        "    variants: [{name: short, share: 0.25, text: Hi}, {name: long, text: Hello}]\n"
    )
    one = firm(rules)
    one.people(400)
    one.start()

    rows = one.db.execute("SELECT contact_id, variant FROM campaign_recipients").fetchall()
    short = {row["contact_id"] for row in rows if row["variant"] == "short"}
    assert 98 <= len(short) <= 102
    assert 10 < len({one for one in short if one <= 100}) < 40
    early = one.db.execute(
        "SELECT sum(variant = 'short') FROM campaign_recipients WHERE place <= 100"
    ).fetchone()[0]
    assert 23 <= early <= 27  # no version goes out before the other


async def test_two_who_turn_out_to_be_one_get_it_once(firm):
    one = firm(RULES + "    rate: 1 per 1h\n")
    people = one.people(20)
    one.start()
    await one.work(2)
    ids = {chat: contacts.find(one.db, chat).id for chat in people}
    (first, _), *_ = one.sent
    waiting = one.db.execute(
        "SELECT contact_id FROM campaign_recipients WHERE state = 'planned'"
    ).fetchall()
    a, b = waiting[0][0], waiting[1][0]

    identities.merge(one.db, a, b, "a person", one.now)
    identities.merge(one.db, waiting[2][0], ids[first], "a person", one.now)
    await one.work(80, minutes=30)

    assert len(one.sent) == 18
    assert total(figures(one.db, 1))["sent"] == 18
    assert one.left_out() == {LeftOut.MERGED.value: 2}


def test_a_preview_tells_how_many_who_not_when_and_the_very_words(firm):
    one = firm(
        RULES.replace("Spring, $(contact.first_name)!", "Hi $(contact.first_name) $(lead.owner)")
        + "    rate: 2 per 1h\n"
    )
    one.person("Ana Souza")
    one.person("")
    one.person("Bo", consent="unknown")

    told, token = one.look()

    assert (told["recipients"], told["messages"], told["left_out"]) == (
        2, 2, {"no record of consent": 1}
    )  # fmt: skip
    assert told["ends_at"] == "2026-01-05T10:00:00+00:00"
    assert told["empty_values"] == {"contact.first_name": "1 of 2", "lead.owner": "2 of 2"}
    assert sorted(one["texts"] for one in told["samples"]) == [["Hi  "], ["Hi Ana "]]
    assert len(token) == 8
    assert campaigns.runs(one.db) == []


def test_a_preview_refuses_a_text_that_fails_and_a_file_that_is_not_there(firm):
    one = firm(RULES.replace("$(contact.first_name)", "$(1 / 0)"))
    one.person()
    with pytest.raises(CampaignRefused, match="a text cannot be worked out for contact 1"):
        one.look()

    one.edit(RULES.replace('"Spring, $(contact.first_name)!"', "{media: {file: media/no.png}}"))
    with pytest.raises(CampaignRefused, match=r"these files are not there: media/no\.png"):
        one.look(digest=lambda _: "")


def test_a_preview_leaves_nothing_behind(firm):
    one = firm(RULES.replace("{tag: buyer}", "[{tag: buyer}, has_tag('buyer')]"))
    one.people(3)

    preview(one.db, one.office, one.named(), Allowance(), one.now)

    held = one.db.execute("SELECT count(*) FROM sqlite_temp_master").fetchone()[0]
    assert held == 0
    assert one.states() == {}


def test_a_preview_shows_nothing_that_is_sensitive(firm):
    one = firm(RULES.replace("$(contact.first_name)", "$(contact.card)").replace(
        "campaigns:", "fields: {card: {type: text, sensitive: true}}\ncampaigns:"
    ))  # fmt: skip
    chat = one.person()
    known = contacts.find(one.db, chat)
    kept = replace(known, fields={"card": "4111"}, sensitive=frozenset(("card",)))
    contacts.keep(one.db, known, kept, one.now, wrote=False)

    told, _ = one.look()

    assert [one["texts"] for one in told["samples"]] == [["Spring, •••!"]]


def test_consent_that_a_segment_asks_for_is_counted_apart_too(firm):
    one = firm(WHO.format(audience="{segment: keen}", exclude="{tag: rude}"))
    one.people(3, lead=("new", 9))
    one.people(2, lead=("new", 9), consent="unknown")

    gather(one.db, one.office, one.named(), one.now)

    assert reasons(one.db) == {"": 3, LeftOut.NO_CONSENT: 2}
