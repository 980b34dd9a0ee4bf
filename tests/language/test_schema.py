"""The JSON Schema: an independent validator, the shipped files, and what the reader knows."""

import json
import re
from collections import defaultdict
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.language import read_conditions, read_flows, read_rules, read_steps, read_triggers
from bot.language.desk import NOWHERE_ELSE, Desk
from bot.language.flows import SLOT_TYPES
from bot.language.reading import read_rulebook
from bot.language.reference import reference_page
from bot.language.schema import rule_file_schema
from bot.language.sections import SECTIONS
from bot.language.shapes import SHAPES

HOME = Path(__file__).parent.parent.parent
EVERY_KEY = Path(__file__).parent / "every_key.yaml"
SHIPPED = sorted([*(HOME / "rules").glob("*.yaml"), *(HOME / "flows").glob("*.yaml")])
SCHEMA = rule_file_schema()
CHECK = jsonschema.Draft7Validator(SCHEMA)


class Plain(yaml.CSafeLoader):
    """YAML 1.2's core types, as editors read them: no dates, and yes and on are texts."""


Plain.yaml_implicit_resolvers = {}
for tag, pattern, starts in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?[0-9]+\.[0-9]+$", "-+0123456789"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
):
    Plain.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern),
                                list(starts))  # fmt: skip


def faults(text, loader):
    found = CHECK.iter_errors(yaml.load(text, Loader=loader))
    return [f"{list(one.absolute_path)}: {one.message[:200]}" for one in found]


@pytest.mark.parametrize("loader", [Plain, yaml.CBaseLoader])
@pytest.mark.parametrize("path", [*SHIPPED, EVERY_KEY], ids=lambda path: path.name)
def test_files_that_the_reader_takes_fit_the_schema(path, loader):
    assert faults(path.read_text("utf-8"), loader) == []


def test_the_file_with_every_key_has_no_mistake():
    _, problems = read_rulebook(
        {"rules/every_key.yaml": EVERY_KEY.read_bytes()}, env_names=("HOTEL",)
    )

    assert [str(one) for one in problems if one.severity == "error"] == []


def test_the_schema_is_a_schema():
    jsonschema.Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_the_shipped_files_name_the_schema(path):
    first = path.read_text("utf-8").splitlines()[0]

    named = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / named).resolve() == HOME / "schema" / "alexia.schema.json"


def test_the_written_schema_and_reference_are_those_of_the_code():
    schema = (HOME / "schema" / "alexia.schema.json").read_text("utf-8")

    assert json.loads(schema) == SCHEMA, "run alexia schema"
    reference = (HOME / "docs" / "reference.md").read_text("utf-8")
    assert reference == reference_page(), "run alexia schema --reference"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("version: 1\nrulez: []\n", "rulez"),
        ("version: 2\n", "2"),
        ("version: 1\nrules: [{id: a, when: {keyword: x}}]\n", "do"),
        ("version: 1\nrules: [{id: a, when: {keyword: x}, do: {replay: x}}]\n", "replay"),
        ("version: 1\nrules: [{id: a, when: {keyword: x}, do: {reply: x}, cooldown: 5 minutes}]\n",
         "5 minutes"),
        ("version: 1\nflows: {f: {steps: [], slots: {s: {type: chioce}}}}\n", "chioce"),
    ],
)  # fmt: skip
def test_the_schema_refuses_what_the_reader_refuses(text, told):
    assert told in "\n".join(faults(text, Plain))
    assert read_rulebook({"rules/a.yaml": text})[0] is None


@pytest.mark.parametrize(
    ("shape", "keys"),
    [
        ("a file", SECTIONS),
        ("a rule", read_rules.RULE_KEYS),
        ("a flow", read_flows.FLOW_KEYS),
        ("a slot", read_flows.SLOT_KEYS),
        ("an 'on'", read_flows.ON_KEYS),
        ("an ask", read_steps.ASK_KEYS),
        ("an http call", read_steps.HTTP_KEYS),
        ("a later", read_steps.LATER_KEYS),
        ("a step", {*read_steps.COMMON, *read_steps.VERBS,
                    *(key for _, more in read_steps.VERBS.values() for key in more)}),
        ("a trigger", {"with", *read_triggers.KINDS,
                       *(key for _, more in read_triggers.KINDS.values() for key in more)}),
        ("a condition", {*read_conditions.KINDS,
                         *(key for more in read_conditions.MORE.values() for key in more)}),
    ],
)  # fmt: skip
def test_the_schema_knows_every_key_of_the_reader_and_no_other(shape, keys):
    assert set(SHAPES[shape].rows) == set(keys)


def test_the_schema_knows_every_key_that_the_reader_asks_for(monkeypatch):
    asked = defaultdict(set)
    whole = Desk.table

    def table(self, node, keys, what, under=NOWHERE_ELSE):
        asked[what].update(keys)
        return whole(self, node, keys, what, under)

    monkeypatch.setattr(Desk, "table", table)
    read_rulebook({"rules/every_key.yaml": EVERY_KEY.read_bytes()}, env_names=("HOTEL",))
    asked["a lead's condition"] = asked["a lead"] - SHAPES["a lead"].rows.keys()

    lacking = {
        f"{what}: {key}"
        for what, keys in asked.items()
        for key in keys - set(SHAPES[what].rows if what in SHAPES else ())
    }
    assert lacking == set()


def test_every_key_has_words_and_an_example():
    empty = [
        f"{shape.name}: {row.key}"
        for shape in SHAPES.values()
        for row in shape.rows.values()
        if not row.meaning.endswith((".", "…")) or (not row.example and row.kind != "nothing")
    ]

    assert empty == []


@pytest.mark.parametrize("row", SHAPES["a reply"].rows.values(), ids=lambda row: row.key)
def test_the_example_of_each_key_of_a_reply_is_right(row):
    rule = f"{{id: a, when: {{keyword: x}}, do: {{reply: {{{row.key}: {row.example}}}}}}}"

    _, problems = read_rulebook({"rules/a.yaml": f"version: 1\nrules: [{rule}]\n"})

    assert [str(one) for one in problems if one.code != "E102"] == []  # E102: lacks its 'text'


@pytest.mark.parametrize("what", ["a slot", "a variable"])
def test_the_types_of_slots_are_those_of_the_reader(what):
    assert SHAPES[what].rows["type"].kind == f"one of: {', '.join(SLOT_TYPES)}"
