"""What a page loads late is waited for, before anything is handed to it."""

import pytest

from bot.domain.errors import NotLoaded, SendUncertain, TransportDown
from bot.whatsapp.loading import CHANGES_WITHIN, LOADS_WITHIN, LOOK_AGAIN, Loading


class Page:
    def __init__(self):
        self.now, self.looks = 100.0, 0
        self.missing = {"whatsapp.MediaPrep", "whatsapp.functions.sendReactionToMsg"}
        self.loading = Loading(self.survey, lambda: self.now)

    async def survey(self, paths):
        self.looks += 1
        return {"missing": [one for one in paths if one in self.missing]}


@pytest.fixture
def page():
    return Page()


async def test_what_is_there_may_be_done_and_a_text_needs_no_look(page):
    assert not await page.loading.lacks("card")
    looks = page.looks
    assert not await page.loading.lacks("poll")

    assert page.looks == looks


@pytest.mark.parametrize(("do", "within"), [("file", LOADS_WITHIN), ("react", CHANGES_WITHIN)])
async def test_what_is_missing_may_come_for_a_while(page, do, within):
    with pytest.raises(NotLoaded):
        await page.loading.lacks(do)
    page.now += within
    assert await page.loading.lacks(do)

    page.loading.begin()
    with pytest.raises(NotLoaded):
        await page.loading.lacks(do)
    page.missing.clear()
    page.now += LOOK_AGAIN
    assert not await page.loading.lacks(do)


async def test_many_that_wait_look_once(page):
    for _ in range(50):
        with pytest.raises(NotLoaded):
            await page.loading.lacks("file")

    assert page.looks == 1


async def test_a_page_that_cannot_be_asked_was_not_tried():
    async def survey(paths):
        raise SendUncertain("no answer within 20 s")

    with pytest.raises(TransportDown, match="no answer"):
        await Loading(survey).lacks("file")
