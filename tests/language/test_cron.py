import pytest

from bot.language.reading import read_rulebook

RULE = "version: 1\nrules: [{{id: a, when: {{schedule: {}}}, do: {{reply: hi}}}}]\n"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("60 9 * * *", "E104 '60' is not a minute of cron"),
        ("0 24 * * *", "E104 '24' is not an hour of cron"),
        ("0 17-9 * * *", "E104 '17-9' is not an hour of cron"),
        ("0 9 0 * *", "E104 '0' is not a day of the month of cron"),
        ("0 9 * may-x *", "E104 'may-x' is not a month of cron"),
        ("0 9 * * funday", "E104 'funday' is not a weekday of cron"),
        ("every 30s", "E104 'every 30s' is not an interval of 1m at least"),
        ("0 9 * * 1-5", "E211 weekday numbers mean different days to different programs: '1-5'"),
    ],
)
def test_a_field_that_no_moment_has_is_told_at_its_place(line, told):
    book, problems = read_rulebook({"rules/a.yaml": RULE.format(f'"{line}"')})

    assert book is None
    assert str(problems[0]).splitlines()[0] == f"rules/a.yaml:2:34: {told}"


@pytest.mark.parametrize(
    "line", ["*/5 * * * *", "0 9 * * fri-mon", "15,45 8-18/2 1-7 jan,mar-may *", "every 30m"]
)
def test_a_line_that_comes_round_is_fine(line):
    assert read_rulebook({"rules/a.yaml": RULE.format(f'"{line}"')})[1] == ()


@pytest.mark.parametrize(("days", "months", "comes"), [
    ("31", "feb,apr", False), ("30", "2", False), ("29", "2", True), ("30,1", "2", True),
    ("31", "*", True),
])  # fmt: skip
def test_a_day_that_no_such_month_has_is_told(days, months, comes):
    book, problems = read_rulebook({"rules/a.yaml": RULE.format(f'"0 9 {days} {months} *"')})

    assert book is not None
    assert [problem.code for problem in problems] == ([] if comes else ["W311"])
