from pathlib import Path

from bot.inbound.book import make_book
from bot.testing import bound, run_tests
from tests.testing.folders import fails, make_folder, only, passes, play, write_test

HOME = Path(__file__).parents[2]


def test_the_shipped_conversations_pass_and_visit_nearly_everything():
    results = run_tests(HOME, [HOME / "tests" / "conversations"])

    assert [test.message for test in results.tests if test.outcome != "passed"] == []
    assert results.passed >= 20
    assert results.coverage.percent >= 95


def test_a_wrong_answer_fails_with_its_line(tmp_path):
    outcome = only(play(tmp_path, "- user: hi\n- bot: Bye"))

    assert outcome.outcome == "failed"
    assert outcome.file == "tests/a.test.yaml"
    assert outcome.line == 7
    assert outcome.message == 'expected "Bye" got "Hello"'


def test_several_lines_are_told_apart_by_a_diff(tmp_path):
    rules = 'rules: [{id: a, when: {keyword: hi}, do: {reply: "one\\ntwo\\nthree"}}]'
    message = fails(tmp_path, '- user: hi\n- bot: "one\\n2\\nthree"', rules)

    assert message == (
        'expected "one\\n2\\nthree" got "one\\ntwo\\nthree"\n'
        "      one\n    - 2\n    + two\n      three"
    )


def test_an_answer_that_no_line_expects_fails(tmp_path):
    assert fails(tmp_path, "- user: hi") == 'the bot also said "Hello"'


def test_an_answer_that_does_not_come_fails(tmp_path):
    assert fails(tmp_path, "- user: ho\n- bot: Hello") == 'expected "Hello" got nothing'


def test_what_went_wrong_in_the_bot_is_told_beside(tmp_path):
    rules = "version: 1\nrules: [{id: a, when: {keyword: hi}, do: {reply: $('x' - 1)}}]\n"

    assert fails(tmp_path, "- user: hi\n- bot: Hello", rules).startswith(
        'expected "Hello" got nothing\n    error: '
    )


def test_two_messages_may_stand_before_the_answers_to_both(tmp_path):
    talk = "- user: hi\n- user: hi\n- bot: Hello\n- bot: Hi"

    assert fails(tmp_path, talk) == 'expected "Hi" got "Hello"'


def test_without_strictness_only_the_listed_answers_count(tmp_path):
    rules = (
        "rules: [{id: a, when: {keyword: hi}, do: [{reply: One}, {reply: Two}, {reply: Three}]}]"
    )

    passes(tmp_path, "- user: hi\n- bot: Two", rules, more="strict: false")
    told = fails(tmp_path, "- user: hi\n- bot: Six", rules, more="strict: false")
    assert told == 'expected "Six" got "One"'


def test_only_tests_of_a_name_run(tmp_path):
    folder = make_folder(tmp_path)
    write_test(
        folder,
        """\
        version: 1
        tests:
          - {test: First thing, talk: [{user: hi}, {bot: Hello}]}
          - {test: second, talk: [{user: hi}, {bot: Bye}]}
        """,
    )

    assert [test.name for test in run_tests(folder, name="first").tests] == ["First thing"]


def test_the_rules_are_made_ready_once_for_all_tests(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(bound, "make_book", lambda *one: made.append(one) or make_book(*one))
    tests = "".join(f"  - {{test: t{n}, talk: [{{user: hi}}, {{bot: Hello}}]}}\n" for n in range(5))
    folder = make_folder(tmp_path)
    write_test(folder, "version: 1\ntests:\n" + tests)

    assert [test.outcome for test in run_tests(folder).tests] == ["passed"] * 5
    assert len(made) == 1


def test_files_are_found_anywhere_below_tests(tmp_path):
    folder = make_folder(tmp_path)
    (folder / "tests" / "deep").mkdir()
    write_test(folder, "version: 1\ntests: [{test: x, talk: [{user: ho}]}]", "deep/b")
    (folder / "tests" / "other.yaml").write_text("no: test")

    assert [test.file for test in run_tests(folder).tests] == ["tests/deep/b.test.yaml"]


def test_a_folder_below_with_rules_of_its_own_is_left_alone(tmp_path):
    folder = make_folder(tmp_path)
    (folder / "tests" / "other").mkdir()
    other = make_folder(folder / "tests" / "other")
    write_test(other, "version: 1\ntests: [{test: theirs, talk: [{user: hi}]}]")
    write_test(folder, "version: 1\ntests: [{test: ours, talk: [{user: hi}, {bot: Hello}]}]")

    assert [test.name for test in run_tests(folder).tests] == ["ours"]
    assert [test.name for test in run_tests(other).tests] == ["theirs"]


def test_broken_rules_fail_each_test_with_their_problems(tmp_path):
    message = fails(tmp_path, "- user: hi", rules="rules: [{id: a, wen: {keyword: hi}}]")

    assert message.startswith("the rule files are broken\nrules/a.yaml:2:9: E102 'do' is missing")
    assert "rules/a.yaml:2:17: E101 unknown key 'wen'" in message


def test_a_defect_of_the_engine_fails_its_test_and_the_others_go_on(tmp_path, monkeypatch):
    folder = make_folder(tmp_path)
    write_test(
        folder,
        """\
        version: 1
        tests:
          - {test: breaks, talk: [{user: boom}]}
          - {test: works, talk: [{user: hi}, {bot: Hello}]}
        """,
    )
    from bot.inbound import pipeline

    whole = pipeline.decide

    def decide(turn, compiled):
        if turn.event.message.text == "boom":
            raise KeyError("boom")
        return whole(turn, compiled)

    monkeypatch.setattr(pipeline, "decide", decide)

    first, second = run_tests(folder).tests

    assert (first.outcome, first.message) == ("failed", "the engine failed: KeyError: 'boom'")
    assert second.outcome == "passed"


def test_rules_that_set_one_another_off_end(tmp_path):
    rules = """\
    rules:
      - {id: a, when: {keyword: hi}, do: {emit: {event: ping}}}
      - {id: b, when: {event: ping}, do: {emit: {event: ping}}}
    """

    passes(tmp_path, "- user: hi\n- expect: {events: [ping], silent: true}", rules)


def test_nothing_of_one_test_is_left_for_the_next(tmp_path):
    folder = make_folder(tmp_path, "rules: [{id: a, when: {first_message: true}, do: {tag: new}}]")
    write_test(
        folder,
        """\
        version: 1
        tests:
          - {test: one, talk: [{user: hi}, {expect: {tags: [new]}}]}
          - {test: two, talk: [{expect: {tags: none}}, {user: hi}, {expect: {tags: [new]}}]}
        """,
    )

    assert run_tests(folder).failed == 0
