import pytest

from bot.language.ranges import whole_days


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("3 to 7 December", "3 December to 7 December"),
        ("from the 3rd to the 7th of December", "from the 3rd of December to 7th of December"),
        ("3-7 dec 2027", "3 dec 2027 - 7 dec 2027"),
        ("December 3 until 7, please", "December 3 until December 7, please"),
        ("del 3 al 7 de diciembre", "del 3 de diciembre al 7 de diciembre"),
        ("de 3 a 7 de dezembro", "de 3 de dezembro a 7 de dezembro"),
    ],
)
def test_both_days_of_a_span_have_their_month(said, meant):
    assert whole_days(said) == meant


@pytest.mark.parametrize(
    "said",
    ["3 December", "December 3 at 7", "December 3 - 7 pm", "2 to 4 people", "3/12 - 7/12", ""],
)
def test_what_is_no_span_of_days_stays(said):
    assert whole_days(said) == said
