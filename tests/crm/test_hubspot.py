"""Leads become contacts and deals in HubSpot, as its description asks, and never twice."""

import itertools
from datetime import timedelta

import pytest

from bot.config import Secret
from bot.config.crm import Deals, HubSpot
from bot.crm.hubspot import HubSpotSystem
from bot.crm.line import Declined
from bot.domain.crm import Target
from bot.store import crm_jobs, crm_links, dead, erasing, identities, leads
from bot.webhook import Answer
from tests.crm.contract import down
from tests.crm.hubspot_stub import HubSpotStub
from tests.crm.stage import Stage
from tests.make import BO, NOW

DEALS = Deals(
    pipeline="sales", stages={"qualified": "appointmentscheduled", "customer": "closedwon"},
    properties={"dealname": "name", "amount": "lead.budget"},
)  # fmt: skip
SETTINGS = HubSpot(
    token=Secret("pat-1"), deals=DEALS,
    contacts={"firstname": "first_name", "lastname": "last_name", "phone": "number",
              "email": "fields.email"},
)  # fmt: skip


@pytest.fixture
def stub():
    return HubSpotStub()


@pytest.fixture
def stage(tmp_path, stub):
    stage = Stage(
        tmp_path, lambda database: HubSpotSystem(database, stub, SETTINGS, "default", lambda: NOW)
    )
    yield stage
    stage.database.close()


def contact_of(stub):
    (one,) = stub.objects["contacts"].values()
    return one


async def test_a_lead_becomes_a_contact_with_the_mapped_properties(stage, stub):
    ana = stage.meet(fields={"email": "ana@example.com"})
    stage.lead(ana, score=10)

    await stage.settle()

    assert contact_of(stub) == {
        "firstname": "Ana", "lastname": "Souza", "phone": "+5511987654321",
        "email": "ana@example.com", "alexia_id": "5511987654321",
    }  # fmt: skip
    assert stub.objects["0-3"] == {}
    assert stage.counts == {}


async def test_from_a_named_stage_on_a_lead_is_a_deal_of_its_contact(stage, stub):
    ana = stage.meet()
    stage.lead(ana, "qualified", fields={"budget": 300_000})
    await stage.settle()

    ((deal, held),) = stub.objects["0-3"].items()
    assert held == {
        "dealname": "Ana Souza", "amount": "300000", "pipeline": "sales",
        "dealstage": "appointmentscheduled", "alexia_id": "default:5511987654321",
    }  # fmt: skip
    assert stub.associated == {(deal, next(iter(stub.objects["contacts"])))}

    stage.lead(ana, "customer", fields={"budget": 310_000})
    await stage.settle()
    assert stub.objects["0-3"][deal]["dealstage"] == "closedwon"
    assert stub.objects["0-3"][deal]["amount"] == "310000"

    stage.lead(ana, "nurture", fields={"budget": 310_000})
    await stage.settle()
    assert stub.objects["0-3"][deal]["dealstage"] == "closedwon"


@pytest.mark.parametrize(
    "known", [{"phone": "551187654321"}, {"mobilephone": "+5511987654321"},
              {"email": "ana@example.com"}],
)  # fmt: skip
async def test_who_is_known_there_already_is_changed_not_made_again(stage, stub, known):
    stub.put("contacts", note="met at the fair", **known)
    stage.lead(stage.meet(fields={"email": "ana@example.com"}))

    await stage.settle()

    assert contact_of(stub)["note"] == "met at the fair"
    assert contact_of(stub)["alexia_id"] == "5511987654321"


async def test_a_lost_answer_makes_no_second_contact_though_no_search_finds_it_yet(stage, stub):
    stub.lags = True
    stage.lead(stage.meet(), "qualified")
    tried = 0
    for lost in range(1, 8):
        stub.loses = 1
        await stage.settle()
        tried = lost
        await stage.over(timedelta(minutes=10))
    stage.restart()
    await stage.settle()

    assert tried == 7
    assert len(stub.objects["contacts"]) == len(stub.objects["0-3"]) == 1
    assert stage.counts == {}


async def test_an_outage_of_a_day_is_caught_up_in_one_call_a_person(stage, stub):
    people = [stage.meet(f"55119000{n:05d}@c.us", f"P{n} X") for n in range(30)]
    stub.trouble = down
    for hour in range(24):
        stage.leads(people, "qualified" if hour > 11 else "new", score=hour)
        await stage.over(timedelta(hours=1), step=timedelta(minutes=10))
        if hour % 8 == 6:
            stage.restart()
    assert stub.asked == []
    assert stage.counts == {"waiting": 30, "dead": 0}
    assert stage.carrier.failing.startswith("status 503")

    stub.trouble = lambda method, path: None
    await stage.over(timedelta(minutes=10))

    assert len(stub.objects["contacts"]) == len(stub.objects["0-3"]) == 30
    assert {one["dealstage"] for one in stub.objects["0-3"].values()} == {"appointmentscheduled"}
    assert len(stub.associated) == 30
    assert len(stub.asked) == 30 * 4
    assert (stage.counts, stage.carrier.failing) == ({}, "")


async def test_while_it_is_down_it_is_asked_once_a_minute_at_most(stage, stub):
    asked = []
    stub.trouble = lambda method, path: asked.append(stage.now) or Answer(status=500)
    stage.leads([stage.meet(f"55119000{n:05d}@c.us", "P") for n in range(20)])

    await stage.over(timedelta(minutes=20), step=timedelta(seconds=5))

    later = [one for one in asked if one > asked[0] + timedelta(minutes=10)]
    gaps = {(b - a).total_seconds() for a, b in itertools.pairwise(later)}
    assert gaps == {60.0}


async def test_it_waits_as_long_as_it_is_asked_to(stage, stub):
    asked = []
    stub.trouble = lambda method, path: (
        asked.append(stage.now) or Answer(status=429, retry_after=600.0)
    )
    stage.lead(stage.meet())

    await stage.over(timedelta(minutes=30), step=timedelta(seconds=10))

    gaps = [(b - a).total_seconds() for a, b in itertools.pairwise(asked)]
    assert gaps
    assert all(600 <= one <= 620 for one in gaps)


async def test_what_it_refuses_is_set_aside_and_others_go_on(stage, stub):
    stub.trouble = lambda method, path: (
        Answer(status=400, body={"category": "VALIDATION_ERROR", "message": "ana@@"})
        if path.endswith("search") and not stub.asked and not refused
        else None
    )
    refused = []
    ana, bo = stage.meet(), stage.meet(BO, "Bo Lee")
    stage.lead(ana)
    await stage.settle()
    refused.append(True)
    stage.lead(bo)
    await stage.settle()

    assert contact_of(stub)["firstname"] == "Bo"
    (listed,) = stage.read(dead.list_dead)
    assert (listed["kind"], listed["event"]) == ("crm", "hubspot.lead")
    assert listed["reason"] == (
        "status 400 for POST /crm/objects/2026-03/contacts/search (VALIDATION_ERROR)"
    )
    assert stage.counts == {"waiting": 0, "dead": 1}

    done, _ = stage.write(lambda db: dead.retry(db, [listed["id"]], stage.now))
    await stage.settle()
    assert done == 1
    assert {one["firstname"] for one in stub.objects["contacts"].values()} == {"Ana", "Bo"}


async def test_a_change_takes_up_again_what_was_set_aside(stage, stub):
    stub.trouble = lambda method, path: Answer(status=400)
    ana = stage.meet()
    stage.lead(ana)
    await stage.settle()
    assert stage.counts["dead"] == 1

    stub.trouble = lambda method, path: None
    stage.lead(ana, "hot")
    await stage.settle()
    assert stage.counts == {}
    assert len(stub.objects["contacts"]) == 1


async def test_a_person_may_drop_it(stage, stub):
    stub.trouble = lambda method, path: Answer(status=400)
    stage.lead(stage.meet())
    await stage.settle()

    assert stage.write(lambda db: dead.drop(db, None, stage.now)) == 1
    assert stage.read(dead.list_dead) == []


async def test_after_a_week_without_getting_through_it_is_set_aside(stage, stub):
    stub.trouble = lambda method, path: Answer(status=401)
    stage.lead(stage.meet())

    await stage.over(timedelta(days=7, hours=1), step=timedelta(hours=2))

    assert stage.counts == {"waiting": 0, "dead": 1}


async def test_what_changes_while_it_is_told_is_told_anew(stage, stub):
    ana = stage.meet()
    stage.lead(ana, "qualified")
    job = stage.read(lambda db: crm_jobs.next_due(db, Target.HUBSPOT, stage.now))
    begun = stage.write(lambda db: crm_jobs.begin(db, job))
    stage.lead(ana, "customer")
    stage.write(lambda db: crm_jobs.done(db, begun))

    assert stage.counts["waiting"] == 1
    await stage.settle()
    assert [one["dealstage"] for one in stub.objects["0-3"].values()] == ["closedwon"]


async def test_what_did_not_change_there_is_not_sent(stage, stub):
    ana = stage.meet()
    stage.lead(ana)
    await stage.settle()
    stub.asked.clear()

    stage.lead(ana, score=50)
    await stage.settle()

    assert stub.asked == []


async def test_a_contact_that_was_removed_there_is_made_again(stage, stub):
    ana = stage.meet()
    stage.lead(ana)
    await stage.settle()
    stub.objects["contacts"].clear()

    stage.write(lambda db: db.execute("UPDATE contacts SET name = 'Ana Lima'"))
    await stage.settle()

    assert contact_of(stub)["lastname"] == "Lima"


async def test_tags_and_fields_of_a_person_with_a_lead_are_followed(stage, stub):
    ana = stage.meet()
    stage.write(lambda db: db.execute("INSERT INTO tags VALUES (?, 'vip', 0)", (ana,)))
    assert stage.counts == {}

    stage.lead(ana)
    await stage.settle()
    for statement in (
        "INSERT OR IGNORE INTO tags VALUES (1, 'hot', 0)",
        "INSERT OR IGNORE INTO tags VALUES (1, 'new', 0)",
        "DELETE FROM tags WHERE tag = 'vip'",
        "UPDATE contacts SET last_seen = 5",
    ):
        stage.write(lambda db, statement=statement: db.execute(statement))
    assert stage.counts == {"waiting": 1, "dead": 0}


async def test_who_is_erased_is_told_no_more_and_leaves_no_link(stage, stub):
    ana = stage.meet()
    stage.lead(ana)
    await stage.settle()
    stage.lead(ana, "hot")

    stage.write(lambda db: erasing.erase(db, ana))

    assert stage.counts == {}
    assert stage.read(lambda db: crm_links.find(db, Target.HUBSPOT, str(ana), "contact")) is None


async def test_who_was_erased_between_is_no_mistake(stage, stub):
    stage.write(lambda db: crm_jobs.note(db, Target.HUBSPOT, "77", "lead"))

    await stage.settle()

    assert stub.asked == []
    assert stage.counts == {}


async def test_two_entries_of_one_person_become_one_contact(stage, stub):
    one, other = stage.meet(), stage.meet("99@lid", "Ana")
    stage.lead(other, "qualified")
    await stage.settle()

    stage.write(lambda db: identities.merge(db, one, other, "me", stage.now))
    await stage.settle()

    assert contact_of(stub)["alexia_id"] == "5511987654321"
    assert len(stub.objects["0-3"]) == 1


async def test_every_lead_can_be_told_anew(stage, stub):
    ana = stage.meet()
    stage.lead(ana)
    stage.write(lambda db: db.execute("DELETE FROM crm_jobs"))

    assert stage.write(lambda db: crm_jobs.note_all_leads(db, Target.HUBSPOT)) == 1
    await stage.settle()
    assert len(stub.objects["contacts"]) == 1
    assert stage.read(lambda db: leads.load(db, ana, NOW)) is not None


async def test_a_look_tells_what_is_missing_there_and_setting_up_makes_it(stage, stub):
    stub.properties["contacts"].remove("email")
    stub.unique["0-3"].clear()

    assert await stage.system.look() == [
        "contacts have no property 'email'",
        "deals need a property 'alexia_id' whose values are unique: `alexia crm setup` makes it",
    ]
    assert await stage.system.set_up() == ["0-3.alexia_id"]
    stub.properties["contacts"].add("email")
    assert await stage.system.look() == []


async def test_setting_up_tells_what_is_refused(stage, stub):
    stub.trouble = lambda method, path: Answer(status=400)

    with pytest.raises(Declined, match="status 400"):
        await stage.system.set_up()


async def test_what_is_sensitive_or_empty_stays_here(stage, stub):
    ana = stage.meet(fields={"email": "ana@example.com"}, sensitive=frozenset({"email"}))
    stage.lead(
        ana, "qualified", fields={"budget": 5, "happy": True}, sensitive=frozenset({"budget"})
    )

    await stage.settle()

    assert "email" not in contact_of(stub)
    assert "amount" not in next(iter(stub.objects["0-3"].values()))


async def test_what_cannot_be_opened_with_this_key_is_set_aside(stage, stub):
    ana = stage.meet(fields={"pin": "4711"}, sensitive=frozenset({"pin"}))
    stage.lead(ana)
    broken = '{"pin": {"$": "sealed", "v": "AAAA"}}'
    stage.write(lambda db: db.execute("UPDATE contacts SET fields = ?", (broken,)))

    await stage.settle()

    assert stage.counts == {"waiting": 0, "dead": 1}
    assert stub.asked == []


async def test_an_upsert_that_gives_nothing_back_is_tried_again(stage, stub):
    stub.do = lambda method, path, query, body: (
        (200, {"total": 0, "results": []})
        if path.endswith("search")
        else (207, {**stub._batch(), "results": []})
    )
    stage.lead(stage.meet())

    await stage.settle()

    assert stage.counts["waiting"] == 1
    assert stage.carrier.failing == "the upsert gave no object back"


async def test_whose_number_is_hidden_is_known_by_the_hidden_address(stage, stub):
    stage.lead(stage.meet("99@lid", "Ana"))

    await stage.settle()

    assert contact_of(stub) == {"firstname": "Ana", "alexia_id": "99@lid"}


async def test_without_deals_none_is_made(tmp_path, stub):
    alone = HubSpot(token=Secret("pat-1"))
    stage = Stage(
        tmp_path, lambda database: HubSpotSystem(database, stub, alone, "default", lambda: NOW)
    )
    stage.lead(stage.meet(), "qualified")

    await stage.settle()

    assert (len(stub.objects["contacts"]), stub.objects["0-3"]) == (1, {})
    stub.properties["contacts"].discard("firstname")
    assert await stage.system.look() == ["contacts have no property 'firstname'"]
    stub.unique["contacts"].clear()
    assert await stage.system.set_up() == ["contacts.alexia_id"]
    stage.database.close()


async def test_a_change_that_is_refused_is_set_aside(stage, stub):
    ana = stage.meet()
    stage.lead(ana)
    await stage.settle()
    stub.trouble = lambda method, path: Answer(status=400) if method == "PATCH" else None

    stage.write(lambda db: db.execute("UPDATE contacts SET name = 'Ana Lima'"))
    await stage.settle()

    assert stage.counts == {"waiting": 0, "dead": 1}


class Died(BaseException):
    """The daemon is gone in this moment."""


@pytest.mark.parametrize("is_done", [False, True])
async def test_a_death_at_any_request_makes_nothing_twice(stage, stub, is_done):
    stub.lags = True
    stage.lead(stage.meet(), "qualified")
    done, deaths = stub.do, []

    def dies(*request):
        if request[:2] in deaths:
            return done(*request)
        deaths.append(request[:2])
        if is_done:
            done(*request)
        raise Died

    stub.do = dies
    for _ in range(20):
        try:
            await stage.settle()
        except Died:
            stage.restart()

    assert len(deaths) >= 4
    assert len(stub.objects["contacts"]) == len(stub.objects["0-3"]) == len(stub.associated) == 1
    assert stage.counts == {}
