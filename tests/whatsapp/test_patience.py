"""When a page is given up."""

import pytest

from bot.domain.errors import SendUncertain, TransportDown
from bot.whatsapp.patience import (
    ANSWER_WITHIN,
    ASTRAY_WITHIN,
    BOOT_WITHIN,
    MISSES,
    OPENS_WITHIN,
    PageLost,
    Patience,
    is_astray,
)

NO_ANSWER = SendUncertain("no answer within 8 s")


@pytest.fixture
def clock():
    return [100.0]


@pytest.fixture
def patience(clock):
    return Patience(lambda: clock[0])


def test_a_page_that_hangs_is_lost_at_the_third_probe(patience):
    for _ in range(MISSES - 1):
        patience.note_failure(NO_ANSWER)
    with pytest.raises(PageLost, match="does not answer"):
        patience.note_failure(NO_ANSWER)


def test_an_answer_forgives_the_probes_before(patience):
    for _ in range(MISSES * 3):
        patience.note_answer(ready=True)
        patience.note_failure(NO_ANSWER)
    patience.check()


def test_a_page_that_was_closed_is_lost_at_once(patience):
    with pytest.raises(PageLost, match="closed"):
        patience.note_failure(TransportDown("Target page was closed"))


def test_what_is_no_whatsapp_web_is_lost_after_a_while(patience, clock):
    patience.check()
    clock[0] += ANSWER_WITHIN + 1
    with pytest.raises(PageLost, match="not WhatsApp Web"):
        patience.check()


def test_a_page_that_never_becomes_ready_is_lost(patience, clock):
    for _ in range(int(BOOT_WITHIN / 10)):
        clock[0] += 10
        patience.note_answer(ready=False)
        patience.check()
    clock[0] += 1
    with pytest.raises(PageLost, match="does not become ready"):
        patience.check()


def test_a_page_that_never_gets_to_its_chats_is_lost(patience, clock):
    for _ in range(int(OPENS_WITHIN / 10)):
        clock[0] += 10
        patience.note_answer(ready=True, opening=True)
        patience.check()
    clock[0] += 1
    with pytest.raises(PageLost, match="does not get to the chats"):
        patience.check()


def test_the_time_to_the_chats_counts_from_the_login(patience, clock):
    clock[0] += OPENS_WITHIN * 2
    patience.note_answer(ready=True)
    clock[0] += 1
    patience.note_answer(ready=True, opening=True)

    patience.check()


def test_a_page_that_asks_for_a_login_of_who_is_logged_in_is_lost_after_a_while(patience, clock):
    patience.note_answer(ready=True, opening=True, astray=True)
    patience.check()
    clock[0] += ASTRAY_WITHIN + 1
    patience.note_answer(ready=True, opening=True, astray=True)
    with pytest.raises(PageLost, match="asks for a login"):
        patience.check()


@pytest.mark.parametrize(("mode", "lost"), [("QR", True), ("MAIN", False), ("SYNCING", False)])
def test_what_asks_for_a_login_of_who_is_logged_in_is_astray(mode, lost):
    assert is_astray({"ready": True, "authenticated": True, "mode": mode}) is lost
    assert not is_astray({"ready": True, "authenticated": False, "mode": mode})
    assert not is_astray({"ready": False})
