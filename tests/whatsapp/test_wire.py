import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import MessageKind, Origin
from bot.whatsapp.wire import read_message, read_receipt
from tests.make import ACCOUNT, NOW

json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
keys = st.sampled_from(["id", "chat", "sender", "t", "type", "body", "lat", "size", "ids", "ack",
                         "votes", "reaction", "ours", "card", "quotedText"])  # fmt: skip
RAW = {"id": "false_5511987654321@c.us_3EB0AA", "chat": "5511987654321@c.us", "type": "chat",
       "body": "hi", "t": 1767603600, "fromMe": False, "name": "Ana"}  # fmt: skip


def test_a_text_is_read():
    message = read_message(RAW, ACCOUNT, Origin.LIVE)

    assert (message.chat, message.id, message.text) == ("5511987654321@c.us", "3EB0AA", "hi")
    assert message.sent_at == NOW
    assert message.kind is MessageKind.TEXT


def test_what_the_page_leaves_out_is_what_a_message_has_not():
    nothing = {"sender": RAW["chat"], "alias": "", "caption": "", "quoted": "", "quotedText": "",
               "mentioned": False, "viewOnce": False, "expires": 0, "system": False,
               "mimetype": "", "filename": "", "loc": "", "card": ""}  # fmt: skip

    whole = read_message({**RAW, **nothing}, ACCOUNT, Origin.LIVE)

    assert read_message(RAW, ACCOUNT, Origin.LIVE) == whole


def test_a_status_is_kept_with_who_told_it_and_is_nobodys_chat():
    raw = {**RAW, "chat": "status@broadcast", "sender": "5511987654321@c.us"}

    message = read_message(raw, ACCOUNT, Origin.LIVE)

    assert message.is_told_to_many
    assert (message.sender, message.key.participant) == ("5511987654321@c.us",) * 2


def test_what_disappears_or_may_be_seen_once_is_named():
    message = read_message({**RAW, "viewOnce": True, "expires": 86400}, ACCOUNT, Origin.LIVE)
    plain = read_message({**RAW, "viewOnce": 1, "expires": -1}, ACCOUNT, Origin.LIVE)

    assert (message.view_once, message.expires_in) == (True, 86400)
    assert (plain.view_once, plain.expires_in) == (False, 0)


@pytest.mark.parametrize("kind", ["chat", "unknown"])
def test_a_message_without_words_is_not_readable_yet(kind):
    message = read_message({**RAW, "type": kind, "body": ""}, ACCOUNT, Origin.LIVE)

    assert message.kind is MessageKind.CIPHERTEXT


def test_lone_surrogates_and_nuls_are_mended():
    message = read_message({**RAW, "body": "a\ud800b\0c"}, ACCOUNT, Origin.LIVE)

    assert message.text.encode("utf-8").decode() == "a�b�c"


def test_a_group_receipt_names_the_stanza_id():
    receipts = read_receipt({"ack": 3, "ids": ["true_1@g.us_3EB0AA_5511@c.us"]}, ACCOUNT, NOW)

    assert [(receipt.id, receipt.chat) for receipt in receipts] == [("3EB0AA", "1@g.us")]


@pytest.mark.parametrize("key", ["false_1@c.us_in_1", "false_2@g.us_in_1_5511@c.us", "in_1"])
def test_an_id_may_hold_underscores(key):
    assert read_message({**RAW, "id": key}, ACCOUNT, Origin.LIVE).id == "in_1"


def test_two_reactions_to_a_message_of_a_group_are_two():
    said = "true_2@g.us_3EB0AA_5511900000001@c.us-r-5511987654321@c.us"
    ids = [read_message({**RAW, "id": f"{said}-{t}"}, ACCOUNT, Origin.LIVE).id for t in (1, 2)]

    assert len(set(ids)) == 2


@given(raw=json | st.dictionaries(keys, json))
def test_no_foreign_data_raises(raw):
    read_message(raw, ACCOUNT, Origin.LIVE)
    read_receipt(raw, ACCOUNT, NOW)


def test_a_card_names_a_person_and_the_number_that_whatsapp_knows():
    card = "BEGIN:VCARD\nFN:Bo Berg\nTEL;type=CELL;waid=5511912345678:+55 11 91234-5678\nEND:VCARD"
    message = read_message({**RAW, "type": "vcard", "body": card}, ACCOUNT, Origin.LIVE)

    assert (message.card.name, message.card.number) == ("Bo Berg", "+5511912345678")
    assert message.text == ""


def test_a_reaction_to_somebody_elses_message_is_nothing_for_us():
    raw = {**RAW, "type": "alexia_reaction", "reaction": "👍"}

    assert read_message({**raw, "ours": False}, ACCOUNT, Origin.LIVE) is None
    assert read_message({**raw, "ours": True}, ACCOUNT, Origin.LIVE).reaction == "👍"


@pytest.mark.parametrize("told", [1767603600, "1767603600", 1767603600.0, 1767603600000])
def test_a_moment_is_read_in_seconds_and_in_milliseconds(told):
    assert read_message({**RAW, "t": told}, ACCOUNT, Origin.LIVE).sent_at == NOW


@pytest.mark.parametrize(
    "kind", ["pinned_message", "keep_in_chat", "poll_update", "album", "group_notification"]
)
def test_what_only_tells_of_the_chat_itself_is_no_message_of_a_person(kind):
    assert read_message({**RAW, "type": kind}, ACCOUNT, Origin.LIVE).kind is MessageKind.SYSTEM


def test_a_type_that_we_do_not_know_is_heard_by_its_words():
    message = read_message(
        {**RAW, "type": "new_answer", "body": "the large one"}, ACCOUNT, Origin.LIVE
    )

    assert (message.kind, message.text) == (MessageKind.UNKNOWN, "the large one")


@pytest.mark.parametrize("picture", ["/9j/", "iVBORw0KGgo", "data:image/jpeg;base64,", "UklGR"])
def test_a_small_picture_is_no_words_of_a_type_that_we_do_not_know(picture):
    message = read_message(
        {**RAW, "type": "product", "body": picture + "A" * 400}, ACCOUNT, Origin.LIVE
    )

    assert (message.kind, message.text) == (MessageKind.UNKNOWN, "")


def test_a_type_is_of_nobody_where_the_page_says_so_and_we_do_not_know_better():
    raw = {**RAW, "system": True}

    assert (
        read_message({**raw, "type": "new_notice"}, ACCOUNT, Origin.LIVE).kind is MessageKind.SYSTEM
    )
    assert read_message({**raw, "type": "chat"}, ACCOUNT, Origin.LIVE).kind is MessageKind.TEXT
