"""A campaign through emulator and browser, killed while it runs."""

import pytest

from tests.system.test_kills import bench

pytestmark = pytest.mark.browser


def test_each_who_agreed_gets_it_once_through_kills_and_nobody_else_anything():
    report = bench(
        "campaign_kills", "--contacts", "60", "--kills", "3", "--without", "5", "--stops", "4",
        "--most", "20", "--window", "5",
    )  # fmt: skip

    assert (report["lost"], report["duplicate"], report["to_those_without_consent"]) == (0, 0, 0)
    assert report["after_stop"] == 0
    assert report["most_in_a_window"] <= report["rate"]
    assert report["report_equals_ledger"]
