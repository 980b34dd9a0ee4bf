import pytest

from bot.testing import run_tests
from bot.testing.runs import find_tests
from bot.testing.updating import update, written
from tests.testing.folders import make_folder, write_test

RULES = r"""
rules:
  - {id: a, when: {keyword: hi}, do: {reply: Hello there}}
  - {id: b, when: {keyword: two}, do: [{reply: "One: 1"}, {reply: "Two\nlines"}]}
  - {id: c, when: {keyword: menu}, do: {reply: "*bold*, {x}"}}
"""


def updated(tmp_path, text):
    folder = make_folder(tmp_path, RULES)
    file = write_test(folder, text)
    results = run_tests(folder, lenient=True)
    update(results, [(one.name, one.path) for one in find_tests(folder)])
    return folder, file.read_text(encoding="utf-8")


def test_texts_are_rewritten_in_place_and_all_else_stays(tmp_path):
    folder, text = updated(
        tmp_path,
        """\
        version: 1
        tests:
          - test: one      # a comment
            talk:
              - user: hi
              - bot: Hello          # the greeting

              # two answers
              - user: two
              - bot: "One"
              - bot: |
                  Two
              - user: menu
              - bot: {text: menu, lang: en}
        """,
    )

    assert text == (
        "version: 1\n"
        "tests:\n"
        "  - test: one      # a comment\n"
        "    talk:\n"
        "      - user: hi\n"
        "      - bot: Hello there          # the greeting\n"
        "\n"
        "      # two answers\n"
        "      - user: two\n"
        '      - bot: "One: 1"\n'
        '      - bot: "Two\\nlines"\n'
        "      - user: menu\n"
        '      - bot: {text: "*bold*, {x}", lang: en}\n'
    )
    assert run_tests(folder).failed == 0


def test_answers_that_no_line_expects_are_written_down(tmp_path):
    folder, text = updated(
        tmp_path,
        """\
        version: 1
        tests:
          - test: one
            talk:
              - user: two
              # then a greeting
              - user: hi
        """,
    )

    assert text.splitlines()[4:] == [
        "      - user: two",
        '      - bot: "One: 1"',
        '      - bot: "Two\\nlines"',
        "      # then a greeting",
        "      - user: hi",
        "      - bot: Hello there",
    ]
    assert run_tests(folder).failed == 0


@pytest.mark.parametrize(
    ("text", "block", "inline"),
    [
        ("Hello", "Hello", "Hello"),
        ("a, b", "a, b", '"a, b"'),
        ("yes", "yes", "yes"),
        ("Price: 10", '"Price: 10"', '"Price: 10"'),
        ("*bold*", '"*bold*"', '"*bold*"'),
        ("room #5", '"room #5"', '"room #5"'),
        (" x", '" x"', '" x"'),
        ("", '""', '""'),
        ("a\nb", '"a\\nb"', '"a\\nb"'),
        ('say "hi"', 'say "hi"', 'say "hi"'),
        ("🍕 ok", "🍕 ok", "🍕 ok"),
        ("\u2028", '"\\U00002028"', '"\\U00002028"'),
    ],
)
def test_a_text_is_written_so_that_it_reads_back_the_same(text, block, inline):
    assert written(text) == block
    assert written(text, inline=True) == inline
