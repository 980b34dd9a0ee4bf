"""A person is named in any writing; the chat is the one that WhatsApp knows."""

import pytest

from bot.daemon.addresses import address_of
from bot.store import contacts
from tests.make import ACCOUNT, ANA, NOW

OLD = "553187654321@c.us"
GROUP = "120363000000000001@g.us"


@pytest.mark.parametrize(
    ("named", "chat"),
    [
        (ANA, ANA),
        (f" {GROUP} ", GROUP),
        ("77@lid", "77@lid"),
        ("+55 11 98765-4321", ANA),
        ("(11) 98765-4321", ANA),
        ("11987654321", ANA),
        ("+34 600 100 200", "34600100200@c.us"),
        ("(31) 98765-4321", OLD),
        ("Ana Souza", ANA),
        ("12 3", "123@c.us"),
    ],
)
async def test_who_is_named_is_found(database, named, chat):
    def meet(db):
        contacts.meet(db, ANA, "Ana Souza", NOW)
        contacts.meet(db, OLD, "Eva", NOW)

    await database.write(meet)
    assert await address_of(database, ACCOUNT, NOW)(named) == chat
