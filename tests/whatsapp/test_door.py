"""When a page that says nobody is logged in is believed."""

from datetime import timedelta

import pytest

from bot.whatsapp.door import OUT_AFTER, OWN_CODE_WITHIN, Door
from tests.make import NOW

MOMENT = timedelta(seconds=0.5)


@pytest.fixture
def door():
    return Door()


def test_a_page_that_shows_a_code_is_believed_at_once(door):
    door.note_nobody("1", "2@a", NOW)
    assert (door.is_out(NOW), door.may_ask(NOW)) == (True, True)
    door.note_nobody("1", "", NOW + MOMENT)
    assert (door.is_out(NOW), door.may_ask(NOW + MOMENT)) == (True, True)


def test_a_page_without_a_code_is_believed_after_a_while_and_asked_later(door):
    for passed in (timedelta(0), OUT_AFTER - MOMENT):
        door.note_nobody("1", "", NOW + passed)
        assert not door.is_out(NOW + passed)
    assert door.is_out(NOW + OUT_AFTER)
    assert not door.may_ask(NOW + OWN_CODE_WITHIN - MOMENT)
    assert door.may_ask(NOW + OWN_CODE_WITHIN)


def test_each_page_and_each_login_begins_anew(door):
    door.note_nobody("1", "2@a", NOW)
    door.note_nobody("2", "", NOW + OUT_AFTER)
    assert not door.is_out(NOW + OUT_AFTER)

    door.note_nobody("2", "2@b", NOW + OUT_AFTER)
    door.note_somebody()
    door.note_nobody("2", "", NOW + 2 * OUT_AFTER)
    assert not door.is_out(NOW + 2 * OUT_AFTER)
