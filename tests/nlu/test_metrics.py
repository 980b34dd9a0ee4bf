import pytest

from bot.nlu import metrics

TRUTH = ["a", "a", "b", None]
TOLD = ["a", "b", "b", None]


def test_none_is_a_class_of_its_own():
    assert metrics.accuracy(TRUTH, TOLD) == 0.75
    assert metrics.macro_recall(TRUTH, TOLD) == pytest.approx((0.5 + 1 + 1) / 3)
    assert metrics.macro_f1(TRUTH, TOLD) == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)


def test_mcc_is_one_for_all_right_and_nothing_for_one_answer():
    assert metrics.mcc(TRUTH, TRUTH) == pytest.approx(1.0)
    assert metrics.mcc(TRUTH, ["a"] * 4) == 0.0
    assert metrics.mcc(["a", "a", "b", "b"], ["a", "b", "b", "b"]) == pytest.approx(
        0.57735, abs=1e-4
    )


def test_auroc_counts_a_tie_as_half():
    assert metrics.auroc([True, True, False, False], [0.9, 0.5, 0.5, 0.1]) == 0.875
    assert metrics.auroc([True], [0.5]) is None


def test_calibration_error_is_the_gap_between_sure_and_right():
    assert metrics.calibration_error([True, True, False, False], [0.75] * 4) == pytest.approx(0.25)
    assert metrics.calibration_error([], []) is None
