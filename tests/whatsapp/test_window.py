import gc
import weakref
from types import SimpleNamespace

from bot.whatsapp.window import fresh_page


class Ring:
    """Holds itself, as what a dead page leaves does: nobody but the collector lets go of it."""

    def __init__(self):
        self.itself = self


async def test_a_page_that_is_opened_lets_go_of_what_the_one_before_left():
    page = SimpleNamespace(is_closed=lambda: False)
    gc.disable()
    try:
        left = weakref.ref(Ring())
        assert left() is not None

        found = await fresh_page(SimpleNamespace(pages=[page]), lost=False)
    finally:
        gc.enable()

    assert found is page
    assert left() is None
