import pytest

from bot.whatsapp.capabilities import CAPABILITIES
from bot.whatsapp.survey import AGAIN, BOOTS_WITHIN, PATHS, STARTS_STILL, SelfTest, losses


def answer(*missing: str, page: str = "2.3000.1") -> dict:
    return {"page": page, "wa_js": "4.6.0", "missing": list(missing)}


def test_a_lost_function_is_named_with_the_capability_that_lived_on_it():
    (loss,) = losses(["chat.sendReactionToMessage"])

    assert str(loss) == "degraded: reactions (WPP.chat.sendReactionToMessage not found)"


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda one: one.name)
def test_each_capability_notices_what_it_lacks(capability):
    for path in capability.paths:
        assert capability in [loss.capability for loss in losses([path])]


def test_only_what_texts_live_on_makes_the_session_ill():
    test = SelfTest()
    test.found(answer("whatsapp.functions.sendSeen"))
    assert test.reasons == ["degraded: read ticks (WPP.whatsapp.functions.sendSeen not found)"]
    assert test.ailment == ""

    test.found(answer("whatsapp.functions.addAndSendMsgToChat", "chat.sendReactionToMessage"))
    assert test.ailment.startswith("degraded: text (")
    assert test.reasons == ["degraded: reactions (WPP.chat.sendReactionToMessage not found)"]

    test.found(answer())
    assert (test.reasons, test.ailment) == ([], "")


def test_a_page_is_looked_at_once_and_again_while_something_is_missing():
    test = SelfTest()
    assert test.is_due("first", 0)
    test.found(answer())
    assert not test.is_due("first", AGAIN * 9)
    assert test.is_due("second", AGAIN * 9)

    test.found(answer("chat.markIsRead"))
    looks = [moment for moment in range(1, 200) if test.is_due("second", AGAIN * 9 + moment)]
    assert looks == [3, 8, 17, 34, 65, 96, 127, 158, 189]


def test_a_change_of_the_pages_version_is_logged(caplog):
    test = SelfTest()
    test.found(answer(page="2.3000.1"))
    test.found(answer(page="2.3000.2"))

    assert "WhatsApp Web changed from 2.3000.1 to 2.3000.2" in caplog.text
    assert test.version == "2.3000.2"


def test_a_page_that_wa_js_finds_nothing_in_is_told_with_what_it_missed():
    test = SelfTest()
    test.heard("Module Stream was not found with e => e.Stream")
    test.heard("Module Stream was not found with e => e.Stream")
    test.heard("Property a or b was not found for Cmd in module 7")
    test.heard("something else was not found")
    test.waiting(BOOTS_WITHIN)
    assert test.reasons == []

    test.waiting(BOOTS_WITHIN + 1)
    assert test.reasons == ["wa-js does not find its way into the page (not found: Stream, a or b)"]
    test.page_opened()
    assert test.reasons == []


def test_every_path_is_looked_for_once():
    assert len(set(PATHS)) == len(PATHS)


def test_a_page_that_starts_slowly_and_misses_nothing_is_no_error(caplog):
    test = SelfTest()
    test.page_opened()
    test.waiting(BOOTS_WITHIN + 1)

    assert test.reasons == [STARTS_STILL]
    assert {line.levelname for line in caplog.records} == {"WARNING"}
