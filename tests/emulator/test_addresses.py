import pytest

from bot.emulator.addresses import bare_id, checked_address, hidden_address, is_lid
from bot.emulator.web import Refused


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("+5511911111111", "5511911111111@c.us"),
        ("5511911111111@s.whatsapp.net", "5511911111111@c.us"),
        ("123456789012345@lid", "123456789012345@lid"),
        ("120363000000000001@g.us", "120363000000000001@g.us"),
    ],
)
def test_addresses_are_made_whole(text, address):
    assert checked_address(text) == address


@pytest.mark.parametrize("text", ["", "ana", "1@c.us", "5511911111111@example.com"])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(Refused):
        checked_address(text)


def test_a_number_always_has_the_same_hidden_address():
    assert hidden_address("5511911111111@c.us") == hidden_address("5511911111111@c.us")
    assert is_lid(hidden_address("5511911111111@c.us"))


@pytest.mark.parametrize("key", ["3EB0AA", "true_1@c.us_3EB0AA", "false_1@g.us_3EB0AA_2@lid"])
def test_an_id_is_read_from_itself_or_from_a_whole_key(key):
    assert bare_id(key) == "3EB0AA"


@pytest.mark.parametrize("key", ["in_1", "false_1@c.us_in_1", "false_1@g.us_in_1_2@lid"])
def test_an_id_may_hold_underscores(key):
    assert bare_id(key) == "in_1"
