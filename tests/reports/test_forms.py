"""The forms of a report: words of customers stay words, and nothing is fetched."""

import csv
import io
import json
import re
import zipfile
from html.parser import HTMLParser

import pytest

from bot.reports.as_csv import as_csv, as_zip
from bot.reports.as_html import page
from bot.reports.as_json import as_data, as_json
from bot.reports.as_text import print_text
from bot.reports.candidates import as_file, as_rules
from bot.reports.charts import scale
from bot.reports.figures.unanswered import Alike
from bot.reports.layout import shown
from bot.reports.markup import Markup, element
from bot.reports.showing import heading, sections
from bot.rulebook_files import load_rulebook

VOID = ("meta",)


class Tree(HTMLParser):
    """Notes elements, and that each that is opened is closed."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.ids, self.links = [], [], set(), []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        self.ids.add(dict(attrs).get("id"))
        if "href" in dict(attrs):
            self.links.append(dict(attrs)["href"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def html(found):
    return page(found, sections(found))


@pytest.fixture(scope="module")
def tree(html):
    tree = Tree()
    tree.feed(html)
    return tree


def test_the_page_is_well_formed_and_asks_for_nothing(html, tree):
    tags = {tag for tag, _ in tree.seen}
    given = {name for _, attributes in tree.seen for name in attributes}

    assert tree.open == []
    assert tags.isdisjoint({"script", "img", "link", "iframe", "object", "form"})
    assert given.isdisjoint({"src", "style", "onclick", "onerror", "onload"})
    assert "default-src 'none'" in html
    assert "url(" not in html
    assert "@import" not in html
    assert all(link[0] == "#" and link[1:] in tree.ids for link in tree.links)


def test_words_of_customers_are_shown_and_never_markup(html):
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "<img" not in html
    assert "{{7*7}} $(7*7)" in html


def test_charts_have_titles_and_tables_behind_them(tree):
    charts = [given for tag, given in tree.seen if given.get("role") == "img"]
    tags = [tag for tag, _ in tree.seen]

    assert len(charts) == tags.count("figure") == tags.count("details") == 3
    assert tags.count("caption") == tags.count("table")
    assert all(given.get("scope") for tag, given in tree.seen if tag == "th")


def test_an_element_escapes_what_is_no_element():
    inner = element("b", "<i>")
    whole = element("p", [inner, "&", 'a "b"'], {"title": '"><script>'})

    assert whole == '<p title="&quot;&gt;&lt;script&gt;"><b>&lt;i&gt;</b>&amp;a &quot;b&quot;</p>'
    assert isinstance(whole, Markup)


def test_the_terminal_shows_every_matter_and_no_control_character(found):
    out = io.StringIO()
    print_text(heading(found), sections(found), out, 120)
    text = out.getvalue()

    assert text.startswith("2026-10-01 00:00 to 2026-11-01 00:00, Europe/Madrid\n")
    for section in sections(found):
        assert section.title.upper() in text
    assert "…" not in text
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text) is None


def test_on_a_narrow_terminal_wide_tables_lie_on_their_side_and_nothing_is_cut(found):
    out = io.StringIO()
    print_text(heading(found), sections(found), out, 60)
    text = out.getvalue()

    assert max(map(len, text.splitlines())) <= 200, "rules are not wrapped"
    assert re.search(r"^ kind +answers +campaigns", text, re.MULTILINE)
    assert "…" not in text


def test_one_csv_holds_every_figure_and_no_formula(found):
    rows = list(csv.reader(io.StringIO(as_csv(sections(found)))))
    values = {tuple(row[:4]): row[4] for row in rows[1:]}

    assert rows[0] == ["section", "table", "row", "column", "value"]
    assert len(values) == len(rows) - 1, "no two rows have one name"
    came = values["volume", "volume_by_day", "2026-10-25", "from customers"]
    assert int(came) == dict(found.volume.days)[found.volume.days[24][0]].came
    assert ("unanswered", "unanswered", '\'=HYPERLINK("http://evil")', "times") in values
    assert [cell for row in rows for cell in row if cell[:1] in tuple("=+-@")] == []


def test_a_zip_holds_a_table_each(found):
    with zipfile.ZipFile(io.BytesIO(as_zip(sections(found)))) as files:
        names = files.namelist()
        days = list(csv.reader(io.StringIO(files.read("volume_by_day.csv").decode())))

    assert len(names) == len(set(names)) > 15
    assert len(days) == 32
    assert as_zip(sections(found)) == as_zip(sections(found))


def test_json_holds_every_figure_under_its_name(found):
    told = json.loads(as_json(found))

    assert told == as_data(found)
    assert told["since"] == "2026-10-01T00:00:00+02:00"
    assert told["until"] == "2026-11-01T00:00:00+01:00"
    assert told["volume"]["days"][24]["day"] == "2026-10-25"
    assert len(told["volume"]["hours"]) == 24
    assert told["response"]["handed"].keys() == {"count", "median", "p95"}
    assert told["funnels"][0]["steps"][0]["slot"] == "size"
    assert told["unanswered"]["rules"][0].startswith("- id: say_do_you_deliver")


NASTY = (
    '"]} do: {run: rm}', "$(7*7) {{x}}", "🍕🍕", "não é? - yes: no #x", "' OR 1=1 --", "é" * 300,
    "* [a|b] {name}", "日本語 はい", "!!python/object", "&a *b", "",
)  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_candidates_load_as_rules_whatever_customers_wrote(tmp_path, text):
    alike = [Alike(count=2, people=1, texts=(text, "where are you"), folded=text)] * 2
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "new.yaml").write_text(as_file(as_rules(alike)), "utf-8")

    loaded = load_rulebook(tmp_path)

    assert [str(one) for one in loaded.problems if one.severity == "error"] == []
    assert len(loaded.rulebook.rules) == 2


def test_texts_without_a_word_make_no_rule():
    assert as_rules([Alike(count=1, people=1, texts=("🍕", "?!"), folded="")]) == ()
    assert as_file(()) == ""


@pytest.mark.parametrize("most", [0, 1, 3, 4, 5, 19, 20, 21, 99, 178, 443, 1001, 99_999])
def test_a_scale_reaches_the_highest_column_in_few_round_steps(most):
    marks = scale(most)

    assert marks[0] == 0
    assert marks[-1] >= most
    assert marks[-1] <= max(2.5 * most, 1)
    assert 2 <= len(marks) <= 6


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "share", "–"), (0.931, "share", "93.1 %"), (1234, "count", "1,234"),
        (3.44, "seconds", "3.4 s"), (59.99, "seconds", "60.0 s"), (387, "seconds", "6 min 27 s"),
        (3660, "seconds", "1 h 1 min"), (180_000, "seconds", "2 days 2 h"), (7.25, "score", "7.2"),
        ("order", "text", "order"),
    ],
)  # fmt: skip
def test_values_read_as_people_say_them(value, kind, text):
    assert shown(value, kind) == text
