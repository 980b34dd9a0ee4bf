from pathlib import Path

from bot.testing import run_tests

HOME = Path(__file__).parents[2]
RULES = "version: 1\nrules: [{id: a, when: {keyword: hi}, do: {reply: Hello}}]\n"


def folder(tmp_path, talk):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yaml").write_text(RULES)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "a.test.yaml").write_text(
        "version: 1\ntests:\n  - test: one\n    talk:\n" + talk
    )
    return tmp_path


def test_the_shipped_conversations_pass():
    results = run_tests(HOME, [HOME / "tests" / "conversations"])

    assert [test.message for test in results.tests if test.outcome != "passed"] == []
    assert results.passed >= 11


def test_a_wrong_answer_fails_with_its_line(tmp_path):
    results = run_tests(folder(tmp_path, "      - user: hi\n      - bot: Bye\n"))

    assert results.failed == 1
    assert results.tests[0].line == 6
    assert results.tests[0].message == "expected 'Bye' got 'Hello'"


def test_an_answer_that_no_line_expects_fails(tmp_path):
    results = run_tests(folder(tmp_path, "      - user: hi\n"))

    assert results.tests[0].message == "the bot also said 'Hello'"


def test_an_unknown_line_is_told(tmp_path):
    results = run_tests(folder(tmp_path, "      - usr: hi\n"))

    assert "unknown line 'usr'" in results.tests[0].message
