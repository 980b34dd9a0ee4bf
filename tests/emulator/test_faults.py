import pytest

from bot.emulator.faults import Faults, changed
from bot.emulator.web import Refused


def test_faults_start_as_the_contract_says():
    assert Faults().as_json() == {
        "drop_equal_ids": False,
        "equal_id": "resend",
        "resend_clock_on_start": True,
        "send_latency_ms": [0, 0],
        "ack_delay_ms": [20, 60],
        "acks": True,
        "events": True,
        "online": True,
        "fail_next_sends": 0,
        "restrict_new_chats": False,
        "warning_banner": False,
        "missing_modules": [],
        "serialized_key": "_serialized",
        "lid_chats": False,
        "lid_redirect": False,
        "offline_delivery": "new",
        "live_delivery": "new",
        "clock_behind_s": 0,
        "history_held": 0,
        "history_unheld": False,
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("drop_equal_ids", True),
        ("equal_id", "throw"),
        ("send_latency_ms", [5, 9]),
        ("fail_next_sends", 3),
        ("missing_modules", ["WAWebWid", "createWid"]),
        ("serialized_key", "$1"),
    ],
)
def test_a_fault_is_changed_and_the_others_stay(name, value):
    assert changed(Faults(), {name: value}).as_json() == {**Faults().as_json(), name: value}


@pytest.mark.parametrize(
    "wanted",
    [
        {"equal_id": "maybe"},
        {"send_latency_ms": [9, 5]},
        {"send_latency_ms": 5},
        {"fail_next_sends": -1},
        {"fail_next_sends": True},
        {"acks": 1},
        {"missing_modules": [1]},
        {"unheard": 1},
        [],
    ],
)
def test_what_no_fault_takes_is_refused(wanted):
    with pytest.raises(Refused) as refused:
        changed(Faults(), wanted)
    assert refused.value.status == 400
