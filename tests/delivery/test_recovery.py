from datetime import timedelta

import pytest

from bot.delivery.recovery import Verdict, judge
from bot.domain.receipts import Standing
from tests.make import NOW


@pytest.mark.parametrize(
    ("ack", "age", "verdict"),
    [
        (1, 0, Verdict.SENT),
        (3, 0, Verdict.SENT),
        (0, 10, Verdict.WAIT),
        (0, 61, Verdict.STUCK),
        (-1, 0, Verdict.RESEND),
        (None, 1, Verdict.WAIT),
        (None, 5, Verdict.RESEND),
    ],
)
def test_the_pages_store_decides_what_becomes_of_a_cut_send(ack, age, verdict):
    standing = None if ack is None else Standing(ack)

    assert judge(standing, NOW, NOW + timedelta(seconds=age)) is verdict


def test_a_message_that_whatsapp_refuses_again_and_again_is_given_up():
    later = NOW + timedelta(minutes=1)

    assert judge(Standing(-1, 500), NOW, later, attempts=4) is Verdict.RESEND
    assert judge(Standing(-1, 500), NOW, later, attempts=5) is Verdict.REFUSED


def test_what_fails_without_a_reason_is_tried_for_longer():
    later = NOW + timedelta(minutes=5)

    assert judge(Standing(-1), NOW, later, attempts=8) is Verdict.RESEND
    assert judge(Standing(-1), NOW, later, attempts=9) is Verdict.REFUSED


def test_a_failure_that_may_be_that_of_an_earlier_attempt_waits_for_the_last_one():
    soon, then = NOW + timedelta(seconds=4), NOW + timedelta(seconds=5)

    assert judge(Standing(-1), NOW, soon, attempts=2) is Verdict.WAIT
    assert judge(Standing(-1), NOW, then, attempts=2) is Verdict.RESEND


def test_463_is_no_failure_of_the_message_however_often_it_comes():
    assert judge(Standing(-1, 463), NOW, NOW, attempts=50) is Verdict.RESTRICTED


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 5), (3, 5), (4, 10), (6, 40), (9, 300), (10_000, 300)]
)
def test_a_page_that_fails_again_and_again_is_tried_less_and_less_often(attempts, seconds):
    before, then = NOW + timedelta(seconds=seconds - 1), NOW + timedelta(seconds=seconds)

    assert judge(None, NOW, before, attempts) is Verdict.WAIT
    assert judge(None, NOW, then, attempts) is Verdict.RESEND
