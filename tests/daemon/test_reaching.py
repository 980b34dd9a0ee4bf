"""A number in any writing becomes a chat that WhatsApp knows."""

from datetime import timedelta

import pytest

from bot.daemon.reaching import Unreachable, reach
from bot.domain.errors import TransportDown
from bot.store import contacts, number_checks
from tests.make import ACCOUNT, ANA, NOW

MINAS = "553187654321@c.us"


class WhatsApp:
    """Knows some addresses, and counts who asks."""

    def __init__(self, *known: str, down: bool = False) -> None:
        self.known = known
        self.down = down
        self.asked: list[list[str]] = []

    async def find(self, addresses):
        self.asked.append(list(addresses))
        if self.down:
            raise TransportDown("gone")
        return next((one for one in addresses if one in self.known), None)


@pytest.fixture
def reached(database):
    async def ask(named, whatsapp, *, ready=True, now=NOW):
        return await reach(database, ACCOUNT, named, ask=whatsapp.find, ready=ready, now=now)

    return ask


@pytest.mark.parametrize("named", ["(31) 98765-4321", "+55 31 8765 4321", MINAS])
async def test_a_brazilian_number_is_found_in_the_form_that_whatsapp_knows(reached, named):
    assert await reached(named, WhatsApp(MINAS)) == MINAS


async def test_who_wrote_before_is_reached_without_a_question(reached, database):
    await database.write(lambda db: contacts.meet(db, ANA, "Ana", NOW))
    whatsapp = WhatsApp()

    assert await reached("11 98765-4321", whatsapp) == ANA
    assert whatsapp.asked == []


async def test_whatsapp_is_asked_once_for_a_number(reached):
    whatsapp = WhatsApp(MINAS)
    for _ in range(3):
        await reached("+5531987654321", whatsapp)
    assert len(whatsapp.asked) == 1

    later = NOW + number_checks.THERE_FOR + timedelta(seconds=1)
    await reached("+5531987654321", whatsapp, now=later)
    assert len(whatsapp.asked) == 2


async def test_a_number_that_is_not_there_is_told_and_asked_again_after_a_day(reached):
    whatsapp = WhatsApp()
    told = await reached("+4930901820", whatsapp)
    assert told == Unreachable("+4930901820 is not on WhatsApp")
    assert await reached("+4930901820", whatsapp) == told
    assert len(whatsapp.asked) == 1

    await reached("+4930901820", whatsapp, now=NOW + timedelta(days=1, seconds=1))
    assert len(whatsapp.asked) == 2


async def test_many_new_numbers_are_not_looked_up_at_once(reached):
    whatsapp = WhatsApp()
    for n in range(number_checks.MOST):
        await reached(f"+49309018{n:03d}", whatsapp)
    assert "wait a while" in (await reached("+4930901999", whatsapp)).reason

    later = NOW + number_checks.WITHIN + timedelta(seconds=1)
    assert "is not on" in (await reached("+4930901999", whatsapp, now=later)).reason


@pytest.mark.parametrize(("whatsapp", "ready"), [(WhatsApp(down=True), True), (WhatsApp(), False)])
async def test_a_number_that_cannot_be_looked_up_now_is_taken_as_it_is(reached, whatsapp, ready):
    assert await reached("+4930901820", whatsapp, ready=ready) == "4930901820@c.us"


@pytest.mark.parametrize("named", ["120363000000000001@g.us", "77700011122233@lid"])
async def test_groups_and_hidden_addresses_are_taken_as_they_are(reached, named):
    assert await reached(named, WhatsApp()) == named


async def test_what_is_no_number_is_told(reached):
    assert "is no phone number" in (await reached("12", WhatsApp())).reason
    assert "nobody known is 'Ana'" in (await reached("Ana", WhatsApp())).reason


async def test_a_known_person_is_reached_by_name(reached, database):
    await database.write(lambda db: contacts.meet(db, ANA, "Ana Souza", NOW))

    assert await reached(" ana souza", WhatsApp()) == ANA
    assert "is no phone number" in (await reached("1", WhatsApp())).reason
