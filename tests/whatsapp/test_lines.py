"""A page that floods its console is heard no more, until it is loaded anew."""

from types import SimpleNamespace

from bot.whatsapp.lines import MOST_LINES, Lines


class Page:
    def __init__(self):
        self.listeners = []

    def on(self, event, listener):
        assert event == "console"
        self.listeners.append(listener)

    def remove_listener(self, event, listener):
        assert event == "console"
        self.listeners.remove(listener)

    def write(self, count):
        for number in range(count):
            for listener in self.listeners:
                listener(SimpleNamespace(text=f"line {number}"))


def test_each_line_is_given_on_up_to_a_measure_and_again_after_a_load():
    heard, page = [], Page()
    lines = Lines(heard.append)
    lines.listen(page)
    page.write(MOST_LINES + 50)
    assert (len(heard), page.listeners) == (MOST_LINES, [])

    lines.begin()
    lines.begin()
    page.write(3)
    assert heard[MOST_LINES:] == ["line 0", "line 1", "line 2"]


def test_another_page_is_heard_in_place_of_the_one_before():
    heard, first, second = [], Page(), Page()
    lines = Lines(heard.append)
    lines.listen(first)
    lines.listen(second)
    second.write(1)

    assert heard == ["line 0"]


def test_a_load_without_a_page_is_nothing():
    lines = Lines([].append)
    lines.begin()

    assert not lines._listens
