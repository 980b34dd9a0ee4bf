import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.folding import fold
from bot.language.patterns import PatternBroken
from bot.language.printing import Form
from bot.language.read_patterns import parse_pattern
from bot.language.reading import read_rulebook
from bot.language.regexes import parse_regex
from bot.language.templates import TemplateFailed, parse_expression, parse_template
from bot.language.unworkable import TemplateBroken


def told(text, file="rules/a.yaml", **more):
    _, problems = read_rulebook({file: "version: 1\n" + text}, **more)
    return [str(problem).splitlines() for problem in problems]


SIZE = "flows: {f: {slots: {s: {type: choice, choices: [small, large], ask: S?}}, steps: [{ask: s},"
RULE = "rules:\n  - id: a\n    when: {keyword: hi}\n    do:\n"


@pytest.mark.parametrize(
    ("text", "first", "help_"),
    [
        (RULE + "      - replay: Hello", "6:9: E101 unknown key 'replay'", "did you mean 'reply'?"),
        (RULE + "      - reply: *bold* hello", "6:21: E001 not valid YAML: while scanning an alias",
         "a value cannot start with '*'"),
        (RULE + "\t- reply: hello", "6:1: E001 not valid YAML: while scanning for the next token",
         "YAML forbids tabs"),
        (RULE + "      - reply: @gone", "6:16: E001 not valid YAML",
         "quote a text that begins with '@'"),
        (RULE + "      - {reply: x, if: vars[0] > 1}", "6:32: E001 not valid YAML",
         "quote a text that holds brackets"),
        (RULE + "      - reply: Price: 10", "6:21: E001 not valid YAML: mapping values",
         "a text holding ': ' must be quoted"),
        (RULE + "      - reply: Room #5 is free", "6:16: W101 the text ends before ' #'",
         "quote the text"),
        (RULE + "      - {reply: A, tag: b}", "6:9: E104 a step does exactly one thing; found"
         " reply + tag. Split it into 2 steps", ""),
        ("rules:\n  - id: a\n    do: {reply: x}", "3:5: E102 'when' is missing", ""),
        ("rules:\n  - id: a\n    when: {sentiment: negativ}\n    do: {reply: x}",
         "4:23: E103 'negativ' is not allowed for 'sentiment'", "did you mean 'negative'?"),
        (RULE + "      - reply: x\n    cooldown: 5 minutes",
         "7:15: E104 '5 minutes' is not a duration; write 30s, 20m, 12h, 7d or 1h30m", ""),
        (RULE + "      - reply: x\n    if: budget = 5", "7:9: E104 'budget = 5': use == to compare",
         ""),
        (RULE + "      - reply: $(contact.nme)", "6:16: E207 nothing is called 'contact.nme' here",
         "did you mean 'contact.name'?"),
        (RULE + "      - start: nowhere", "6:16: E204 there is no flow 'nowhere'", ""),
        (RULE + "      - reply: '@gone'", "6:16: E205 there is no reply 'gone'", ""),
        (RULE + "      - reply: Hi {{ name }}", "6:16: W210", "write $(contact.name)"),
        (RULE + "      - reply: x\n    when: {keyword: ho}",
         "7:5: E001 key 'when' is written twice (first at line 4)", ""),
        (RULE + "      - reply: x\n    if: len(contact.name) > 3",
         "7:9: E104 there is no function 'len'", "write it as a filter:  x | length"),
        (RULE + "      - reply: $(contact.name.upper())", "6:16: E206 '.upper()' cannot be called",
         "write it as a filter:  x | upper"),
        (RULE + "      - reply: x\n    if: contact.vip && now", "7:9: E104", "write 'and'"),
        (RULE + "      - reply: x\n    if: contact.name === 'x'",
         "7:9: E104 \"contact.name === 'x'\": '=' is not expected there", "write == to compare"),
        (RULE + "      - reply: x\n    if: contact.tags contains 'x'", "7:9: E104",
         "write:  'x' in contact.tags"),
        (RULE + "      - reply: $(contact.name[0:3])", "6:16: E206 slice is not allowed",
         "write:  items | slice(0, 3)"),
        (RULE + "      - reply: $(1 +)", "6:16: E206 '$(1 +)': it ends too early", ""),
        (RULE + "      - reply: $(contact.name", "6:16: E206 '$(contact.name': a ')' is missing",
         ""),
        (RULE + "      - reply: $(contact.zzz)", "6:16: E207 nothing is called 'contact.zzz' here",
         "declare it in a rule file:  fields: {zzz: {type: text}}"),
        ("rules:\n  - id: a\n    when: []\n    do: {reply: x}",
         "4:11: W310 'when' is an empty list: nothing starts this rule", ""),
        ("rules:\n  - id: a\n    when: {keyword: []}\n    do: {reply: x}",
         "4:21: W310 'keyword' is an empty list: it starts nothing", ""),
        ("flows: {f: {steps: []}}", "2:20: W310 'steps' is an empty list", ""),
        ("flows: {f: {slots: {item: {ask: What?}}, steps: [{ask: item}, {each: {of: '$([1])', do:"
         " {ask: item}}}]}}", "2:64: W312 each item takes the place of the slot 'item'",
         "name it otherwise:  as: thing"),
        ("flows: {f: {slots: {n: {type: number, min: 5, max: -2.5, ask: N?}}, steps: [{ask: n}]}}",
         "2:21: W313 no answer fits 'n': its 'min' is above its 'max'", "exchange them"),
        ("flows: {f: {slots: {pic: {type: media, ask: P?}}, steps: [{ask: pic},"
         " {reply: $(pic.url)}]}}",
         "2:79: W315 'pic.url' says nothing: 'pic' is a media and has no parts", "message.file"),
        ("flows: {f: {slots: {n: {ask: N?}}, steps: [{ask: n}, {if: n.first, reply: x}]}}",
         "2:59: W315 'n.first' says nothing: 'n' is a text and has no parts", "write $(n)"),
        ("rules:\n  - id: a\n    when: {pattern: Never mind}\n    do: {reply: x}\n"
         "    during_flow: answer", "4:12: W314 'Never mind' alone is never heard here while a"
         " question is open", "during_flow: interrupt"),
        ("hours: {shop: {days: {Sunday: closed}}}", "2:23: E104 'Sunday' is not a weekday",
         "did you mean 'sun'?"),
        ("hours: {shop: {days: {xyz: closed}}}", "2:23: E104 'xyz' is not a weekday", ""),
        ("rules: [{id: a, when: {pattern: 'want {[the] x}'}, do: {reply: y}}]",
         "2:33: E104 'want {[the] x}': '[the] x' is not a name", "write [the] {x}"),
        ("rules: [{id: a, when: {pattern: 'want {a|b}'}, do: {reply: y}}]",
         "2:33: E104 'want {a|b}': 'a|b' is not a name", "write (a|b)"),
        ("rules: [{id: a, when: {pattern: 'i am {my name}'}, do: {reply: y}}]",
         "2:33: E104 'i am {my name}': 'my name' is not a name", "write {my_name}"),
        ("rules: [{id: a, when: {pattern: 'no {#n}'}, do: {reply: y}}]",
         "2:33: E104 'no {#n}': '#n' is not a name", "write {n:number}"),
        ("rules: [{id: a, when: {pattern: 'no {n'}, do: {reply: y}}]",
         "2:33: E104 'no {n': '{' has no partner", r"write \{ for the sign itself"),
        ("lists: {x: {y: ['[a] [b] [c] [d] [e] [f] [g] [h] [i]']}}",
         "2:17: E104 '[a] [b] [c] [d] [e] [f] [g] [h] [i]': more than 256 wordings",
         "several entries"),
        ("rules: [{id: a, when: {schedule: 0 9 * * mon}, do: {notify: {to: '+551191234567',"
         " text: Hi}}}]", "2:53: W316 this is told once for each known chat",
         "contact.number == '+5511912345678'"),
        ("rules: [{id: a, when: {pattern: '[hi] [i want] {x} [please]'}, do: {reply: y}}]",
         "2:33: W318 it fits every message", "(book|get) {service}"),
        ("flows: {f: {slots: {a: {ask: A}, b: {ask: 'B, $(c)?'}, c: {ask: C}},"
         " steps: [{ask: a}, {ask: b}, {ask: c}]}}",
         "2:43: W317 nothing has filled 'c' here: that comes later (line 2)", "default('...')"),
        ("flows: {f: {slots: {a: {type: date, ask: A, valid: {if: a < b}},"
         " b: {type: date, ask: B}}, steps: [{ask: a}, {ask: b}]}}",
         "2:57: W317 nothing has filled 'b' here", "ask for it before"),
        (RULE + '      - reply: "Ten', "6:16: E001 not valid YAML: the quote \" that is opened"
         " here is never closed", 'end the text with "'),
        (RULE + '      - reply: "Ten\n  - id: b\n    when: {keyword: "ho"}\n    do: {reply: Ho}',
         "6:16: E001 not valid YAML: the text that begins here with \" ends only in line 8",
         'is the closing " of this line missing?'),
        (RULE + "      - reply: 'It's ten'", "6:19: E001 not valid YAML: the text ends at this '",
         "an apostrophe is written twice"),
        (RULE + '      - reply: "Ten" today', "6:20: E001 not valid YAML: the text ends at this \"",
         "put quotes around the whole text"),
        ("rules:\n  - id: a\n    when: {keyword: [hi, ho}\n    do: {reply: x}",
         "4:28: E001 not valid YAML", "or a closing } or ] is missing"),
        ("rules:\n  - id: a\n    when: {keyword: hi\n    do: {reply: x}",
         "4:11: E001 not valid YAML: the bracket { that is opened here is never closed", "with }"),
        ("rules:\n  - id: a\n    when:\n      keyword: [hi, ho\n    do: {reply: x}",
         "5:16: E001 not valid YAML: the bracket [ that is opened here is never closed", "with ]"),
        ("rules:\n  - id: a\n   when: {keyword: hi}\n    do: {reply: x}",
         "4:4: E001 not valid YAML", "'when' stands 3 blanks in and 'id' above it 4"),
        (RULE + "      - reply: - ten", "6:16: E001 not valid YAML", "that begins with '- '"),
        (RULE + "      - reply: ? ten", "6:16: E001 not valid YAML", "that begins with '? '"),
        (RULE + "      - reply: > 10", "6:18: E001 not valid YAML", "begins below the '|' or '>'"),
        (RULE + "      - reply: |\n      One\n      Two\n", "8:7: E001 not valid YAML",
         "lines of a text below '|' stand further in"),
        (RULE + "      - reply:Hello", "6:9: E104 'reply:Hello' is not a step", "and a blank"),
        (RULE + "      - reply： Hello", "6:9: E104 'reply： Hello' is not a step", "a colon"),
        (RULE + "      - re\u200bply: Hello", "6:9: E101 unknown key", "nobody sees (U+200B)"),
        (RULE + "      - reply: x\n        buttons: [A, B]", "7:9: E101 unknown key 'buttons'",
         "write:  reply: {text: ..., buttons: ...}"),
        (RULE + "      - reply: x\n    cooldown: 2 horas", "7:15: E104", "did you mean '2h'?"),
        (RULE + "      - reply: x\n    cooldown: 1:30", "7:15: E104", "did you mean '1h30m'?"),
        (RULE + "      - reply: x\n    cooldown: 2 weeks", "7:15: E104", "did you mean '14d'?"),
        (RULE + "      - reply: x\n    if: tag vip", "7:9: E104", "a condition:  {tag: vip}"),
        (RULE + "      - reply: x\n    if: tag == 'vip'", "7:9: E207 nothing is called 'tag' here",
         "has_tag('vip')"),
        (RULE + "      - reply: x\n    if: contact.name == \"Bo", "7:9: E104", "is not closed"),
        (RULE + "      - reply: x\n    if: contact.name == carla", "7:9: E207 nothing",
         "a text stands in quotes: 'carla'"),
        (RULE + "      - reply: Hello {name}", "6:16: W210 '{name}' is not a template here",
         "write $(contact.name)"),
        (RULE + "      - reply: Hello $first_name!", "6:16: W210 '$first_name' is not a template",
         "write $(contact.first_name)"),
        ("rules:\n  - id: a\n    when: {regex: /hi there/i}\n    do: {reply: x}",
         "4:19: W319 '/hi there/i' is looked for with its slashes", "regex: '(?i)hi there'"),
        ("rules:\n  - id: a\n    when: {regex: '(hi'}\n    do: {reply: x}", "4:19: E104 '(hi' is"
         " not a regular expression", "each ( has its )"),
        ("rules:\n  - id: a\n    when:\n      keyword: #hi\n    do: {reply: x}",
         "5:15: E104 a value is missing here", 'quote it:  "#hi"'),
        ("flows:\n  - id: a\n    steps: [{reply: x}]", "3:3: E104 a list is not a mapping of flows",
         "begin each with its name"),
        ("flows: {f: {cancel: {reply: Bye}, steps: [{reply: x}]}}",
         "2:13: E101 unknown key 'cancel'",
         "write 'cancel' under 'on'"),
        ("flows: {f: {do: [{reply: x}]}}", "2:9: E102 'steps' is missing", ""),
        (SIZE + " {if: s == 'smal', reply: x}]}}", "2:98: W320 's' is never",
         "did you mean 'small'? one of: small, large"),
        (SIZE + " {if: \"s not in ['large', 'Small']\", reply: x}]}}", "2:98: W320 's' is never",
         "did you mean 'small'?"),
        ("rules: [{id: a, when: {keyword: n}, during_flow: answer, do: {set: {chat.slots.n: 1}}}]\n"
         "flows: {f: {slots: {s: {ask: S?}}, steps: [{set: {n: 1}}, {ask: s}]}}",
         "2:69: E201 there is no slot 'n'", "declare it there:  slots: {n: {type: any}}"),
        ("rules: " + "[" * 1500 + "]" * 1500, "2:1007: E001 not valid YAML: while increasing",
         "flatten it"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_remedy(text, first, help_):
    lines = told(text)[0]

    assert lines[0].startswith(f"rules/a.yaml:{first}")
    assert help_ in "\n".join(lines)


def test_a_choice_that_steps_fill_themselves_may_be_anything():
    slots = "slots: {s: {type: choice, choices: [a, b], default: c, ask: S?}}"
    flow = f"flows: {{f: {{{slots}, steps: [%s]}}}}"

    assert told(flow % "{ask: s}, {if: s == 'c', reply: x}") == []
    assert told(flow % "{set: {s: d}}, {if: s == 'd', reply: x}") == []


def test_all_mistakes_of_all_files_come_at_once_and_in_order():
    _, problems = read_rulebook({
        "rules/b.yaml": "version: 1\nrules:\n  - id: x\n    wehn: 1\n",
        "flows/a.yaml": "version: 2\nflows: 7\n",
    })  # fmt: skip

    assert [problem.file for problem in problems] == sorted(problem.file for problem in problems)
    assert len(problems) > 3


def test_words_stay_text_where_yaml_would_make_them_something_else():
    book, problems = read_rulebook({
        "a.yaml": "version: 1\nlists: {x: [no, 0123, 18:30, +5511987654321, 2026-11-22]}\n"
        "flows: {f: {slots: {s: {type: choice, choices: '@x', ask: q}}, steps: [{ask: s}]}}"
    })  # fmt: skip

    assert problems == ()
    assert list(book.flows["f"].slots["s"].choices) == [
        "no", "0123", "18:30", "+5511987654321", "2026-11-22",
    ]  # fmt: skip


@given(text=st.text(max_size=300))
def test_no_text_raises(text):
    read_rulebook({"rules/a.yaml": text})
    fold(text)
    for parse in (parse_template, parse_expression):
        try:
            parse(text)
        except TemplateBroken:
            pass
    try:
        parse_pattern(text, {}, {}).match(fold(text))
    except PatternBroken:
        pass
    try:
        parse_regex(text)
    except PatternBroken:
        pass


@pytest.mark.parametrize(
    "text",
    ["'A'*10**9", "range(9)", "''.__class__", "x.upper()", "[].append(1)", "x|attr('y')",
     "1000000000000000000", "lipsum()"],
)  # fmt: skip
def test_an_expression_reaches_nothing_but_data(text):
    with pytest.raises((TemplateBroken, TemplateFailed)):
        parse_expression(text).evaluate({"x": "a"}, Form())


def test_a_name_that_nothing_fills_is_none():
    assert parse_expression("cycler").evaluate({}, Form()) is None


def test_what_a_customer_writes_is_never_a_template():
    template = parse_template("You said: $(text)")

    assert template.render({"text": "$(7*7) {{7*7}} {x.__class__}"}, Form()) == (
        "You said: $(7*7) {{7*7}} {x.__class__}"
    )


def test_a_pattern_captures_as_the_customer_wrote():
    lists = {"sizes": {"small": (), "large": ("big",)}}
    pattern = parse_pattern("[i want] [a] [{sizes:size}] [{kind}] pizza", lists, {})

    assert pattern.match(fold("I want a big Diávola pizza!")) == {
        "size": "large",
        "kind": "Diávola",
    }
    assert pattern.match(fold("pizza")) == {}
    assert pattern.match(fold("no")) is None


@pytest.mark.parametrize(
    "text",
    [
        "flows: {f: {slots: {a: {ask: 'A $(b)?'}, b: {ask: B, prefill: true}},"
        " steps: [{ask: a}, {ask: b}]}}",
        "flows: {f: {slots: {a: {ask: \"A $(b | default('-'))?\"}, b: {ask: B}},"
        " steps: [{ask: a}, {ask: b}]}}",
        "flows: {f: {slots: {a: {ask: 'A $(b)?'}, b: {ask: B}},"
        " steps: [{if: b != none, reply: $(b)}, {id: on, ask: b}, {unset: b}, {goto: on}]}}",
        "flows: {f: {slots: {a: {ask: A}, b: {ask: B}}, steps: [{id: top, ask: a},"
        " {if: b, reply: $(b)}, {ask: b}, {goto: top}]}}",
        "flows: {f: {slots: {a: {ask: 'A $(b)?'}, b: {ask: B}}, steps: [{ask: a}, {ask: b}]}}\n"
        "rules: [{id: r, when: {keyword: x}, do: {set: {chat.slots.b: y}}}]",
        "rules: [{id: r, when: {pattern: '*'}, do: {reply: y}}]",
        "rules: [{id: r, when: {pattern: '[my name is] {x}'}, if: {last_reply: who}, do:"
        " {reply: y}}]",
        "rules: [{id: r, when: {pattern: '[the] {x:word}'}, do: {reply: y}}]",
    ],
)  # fmt: skip
def test_what_may_be_filled_before_and_what_means_every_message_is_no_doubt(text):
    assert [lines[0] for lines in told(text) if "W317" in lines[0] or "W318" in lines[0]] == []
