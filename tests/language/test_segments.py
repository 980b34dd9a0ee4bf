"""Segments are checked when the files are loaded, each mistake at its place."""

import pytest

from bot.language.reading import read_rulebook


def problems(text):
    book, told = read_rulebook({"rules/a.yaml": f"version: 1\n{text}\n"})
    return book, [str(one).splitlines()[0] for one in told]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("segments: {a: {segment: b}, b: {not: {segment: a}}}",
         "rules/a.yaml:2:12: E208 the segment 'a' is made of itself"),
        ("segments: {a: {segment: a}}",
         "rules/a.yaml:2:12: E208 the segment 'a' is made of itself"),
        ("segments: {a: {tag: x}}\n"
         "rules: [{id: r, when: {keyword: k}, if: {segment: aa}, do: {reply: x}}]",
         "rules/a.yaml:3:51: E210 there is no segment 'aa'"),
        ("segments: {a: {chat: private}}", "rules/a.yaml:2:22: E104 the segment 'a' tells people"
         " apart; this is about a message or a moment"),
        ("segments: {a: {any: [{tag: x}, {hours: shop open}]}}\nhours: {shop: {days: {sat: 9-10}}}",
         "E104 the segment 'a' tells people apart"),
        ("segments: {a: \"message.text == 'x'\"}",
         "rules/a.yaml:2:15: E207 nothing is called 'message' here"),
        ("segments: {a: {tga: x}}", "rules/a.yaml:2:16: E101 unknown key 'tga'"),
        ("segments: {a: contact.pionts > 5}\nfields: {points: {type: integer}}",
         "E207 nothing is called 'contact.pionts' here"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_segment_is_told_at_its_place(text, told):
    book, found = problems(text)

    assert book is None
    assert any(told in one for one in found), found


def test_segments_of_all_files_are_one():
    files = {
        "rules/a.yaml": "version: 1\nsegments: {a: {segment: b}}\n",
        "rules/b.yaml": "version: 1\nsegments: {b: {tag: x}}\n",
    }
    book, told = read_rulebook(files)

    assert (told, list(book.segments)) == ((), ["a", "b"])
    files["rules/c.yaml"] = "version: 1\nsegments: {b: {tag: y}}\n"
    book, told = read_rulebook(files)
    assert book is None
    assert "E203 two segments are called 'b'" in str(told[0])
