import os

import pytest

from bot.daemon.settling import LONGEST, MEANT, state_of, wait_settled

NOW = 1_000_000.0


class Desk:
    """A folder of rules, a clock, and what happens while one waits."""

    def __init__(self, folder):
        self.folder = folder
        self.now = NOW
        self.later = {}
        (folder / "rules").mkdir()

    def write(self, name, text, at):
        path = self.folder / "rules" / name
        path.write_text(text, encoding="utf-8")
        os.utime(path, (at, at))

    def wait(self, known=()):
        self.state = wait_settled(self.folder, known, clock=lambda: self.now, sleep=self.sleep)
        return round(self.now - NOW, 2)

    def sleep(self, seconds):
        self.now = round(self.now + seconds, 3)
        happens = self.later.pop(self.now, None)
        if happens:
            happens()


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_files_that_rest_are_not_waited_for(desk):
    desk.write("a.yaml", "version: 1", NOW - 60)

    assert desk.wait({"rules/a.yaml"}) == 0


def test_an_emptied_file_is_waited_for_until_it_is_written(desk):
    desk.write("a.yaml", "", NOW - 5)
    desk.later[NOW + 0.1] = lambda: desk.write("a.yaml", "version: 1", NOW + 0.1)

    assert desk.wait() == 0.12


def test_a_file_that_is_still_changed_is_waited_for(desk):
    desk.write("a.yaml", "version: 1\n", NOW)
    desk.later[NOW + 0.02] = lambda: desk.write("a.yaml", "version: 1\nrules: []", NOW + 0.02)

    assert desk.wait() == 0.04


def test_a_file_that_is_taken_away_is_waited_for_until_the_new_one_is_there(desk):
    desk.later[NOW + 0.3] = lambda: desk.write("a.yaml", "version: 1", NOW + 0.2)

    assert desk.wait({"rules/a.yaml"}) == 0.3


def test_a_file_that_is_emptied_again_and_again_is_not_taken_as_meant(desk):
    desk.write("a.yaml", "", NOW)
    for step in range(1, 200):
        at = round(NOW + 0.02 * step, 3)
        desk.later[at] = lambda at=at: desk.write("a.yaml", "", at)
    desk.later[NOW + 4] = lambda: desk.write("a.yaml", "version: 1", NOW + 4)

    assert desk.wait() == 4.02
    assert desk.state == state_of(desk.folder)


def test_files_that_never_rest_are_read_after_ten_seconds(desk):
    desk.write("a.yaml", "version: 1", NOW)
    for step in range(1, 1000):
        at = round(NOW + 0.02 * step, 3)
        desk.later[at] = lambda at=at: desk.write("a.yaml", "version: 1", at)

    assert desk.wait() == pytest.approx(LONGEST, abs=0.03)


def test_what_stays_empty_or_away_is_taken_as_meant_after_a_second(desk):
    desk.write("a.yaml", "", NOW - 5)

    assert desk.wait({"rules/b.yaml"}) == MEANT
