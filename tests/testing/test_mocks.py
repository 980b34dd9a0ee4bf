import pytest

from bot.domain.understanding import IntentScore, Understanding
from bot.testing import run_tests
from bot.testing.doubles import ScriptedUnderstander
from tests.testing.folders import fails, make_folder, only, passes, play, write_test

HTTP = """\
rules:
  - id: state
    when: {pattern: "order {order}"}
    do:
      - http:
          url: https://shop.example/orders/$(order)
          save: {state: $.state, n: $.n}
          retries: 2
          on_error: [{reply: Broken}, {end: broken}]
      - reply: $(state) $(n)
"""
POST = """\
rules:
  - id: pay
    when: {regex: 'pay (?P<n>\\d+)'}
    do:
      - http:
          method: POST
          url: https://shop.example/pay
          json: {n: $(n), who: Ana}
          save: {id: $.id}
      - reply: Paid $(id)
"""
RUN = """\
rules:
  - id: link
    when: {keyword: link}
    do:
      - run: payments.link
        with: {amount: 3}
        save: link
        on_error: [{reply: No link}, {end: none}]
      - reply: $(link)
"""


def test_a_call_without_a_mock_fails_the_test(tmp_path):
    message = fails(tmp_path, "- user: order 7\n- bot: Broken", HTTP)

    assert message.startswith(
        "the http call GET https://shop.example/orders/7 is not mocked; add it"
    )


def test_a_call_is_answered_by_the_first_mock_that_fits(tmp_path):
    head = """\
    mock:
      http:
        - {url: "*/orders/8", reply: {state: lost, n: "007"}}
        - {url: "*/orders/*", reply: {state: sent, n: 2}}
    """
    talk = """
    - user: order 7
    - bot: sent 2
    - user: order 8
    - bot: lost 007
    - expect: {http: [{method: GET, url: "*/orders/7"}, {url: "*/orders/8"}]}
    """
    passes(tmp_path, talk, HTTP, head=head)


def test_a_list_of_replies_is_used_in_turn_and_the_last_for_good(tmp_path):
    head = """\
    mock:
      http: {url: "*", reply: [{state: a, n: 1}, {state: b, n: 2}]}
    """
    talk = """
    - user: order 1
    - bot: a 1
    - user: order 1
    - bot: b 2
    - user: order 1
    - bot: b 2
    """
    passes(tmp_path, talk, HTTP, head=head)


def test_a_status_from_400_on_is_a_failure(tmp_path):
    talk = "- user: order 7\n- bot: Broken"

    passes(tmp_path, talk, HTTP, head='mock: {http: [{url: "*", status: 404}]}\n')
    passes(tmp_path, talk, HTTP, head='mock: {http: [{url: "*", status: 503}]}\n')


def test_a_call_is_tried_again_as_often_as_its_step_says(tmp_path):
    head = """\
    mock:
      http: {url: "*", status: [500, 502, 200], reply: {state: up, n: 1}}
    """
    passes(tmp_path, "- user: order 7\n- bot: up 1", HTTP, head=head)


def test_a_mock_may_ask_for_a_body(tmp_path):
    head = """\
    mock:
      http:
        - {method: POST, url: "*/pay", json: {n: 5}, reply: {id: five}}
        - {method: POST, url: "*/pay", reply: {id: other}}
    """
    talk = """
    - user: pay 5
    - bot: Paid five
    - expect: {http: [{method: POST, json: {n: 5, who: Ana}}]}
    - user: pay 6
    - bot: Paid other
    """
    passes(tmp_path, talk, POST, head=head)


def test_a_body_that_was_not_sent_is_told(tmp_path):
    head = 'mock: {http: [{url: "*", reply: {id: 1}}]}\n'
    talk = "- user: pay 5\n- bot: Paid 1\n- expect: {http: [{json: {n: 6}}]}"

    assert fails(tmp_path, talk, POST, head=head) == (
        "expected http: [{json: {n: 6}}] got POST https://shop.example/pay {n: 5, who: Ana}"
    )


def test_a_test_has_mocks_of_its_own_before_those_of_the_file(tmp_path):
    passes(
        tmp_path,
        "- user: order 7\n- bot: mine 1",
        HTTP,
        head='mock: {http: [{url: "*", reply: {state: files, n: 0}}]}\n',
        more='mock: {http: [{url: "*", reply: {state: mine, n: 1}}]}',
    )


def test_an_action_returns_what_its_mock_says(tmp_path):
    talk = "- user: link\n- bot: https://pay.example/3"

    passes(tmp_path, talk, RUN, head='mock: {run: {payments.link: "https://pay.example/3"}}\n')
    passes(
        tmp_path, "- user: link\n- bot: No link", RUN,
        head="mock: {run: {payments.link: {error: down}}}\n",
    )  # fmt: skip
    assert "the action payments.link is not mocked" in fails(tmp_path, talk, RUN)


INTENTS = """\
rules:
  - {id: bye, when: {intent: goodbye}, do: {reply: Bye}}
  - {id: sure, when: {intent: order, min: 0.8}, do: {reply: Order}}
  - {id: angry, when: {sentiment: negative, min: 0.8}, do: {reply: Sorry}, priority: 200}
  - {id: gloomy, when: {mood: below -0.5}, do: {reply: Cheer up}, priority: 150}
  - {id: other, when: {fallback: true}, do: {reply: {lang: {en: What, es: Qué}}}}
"""


@pytest.mark.parametrize(
    ("text", "reply", "intent"),
    [
        ("see you", "Bye", "goodbye"),
        ("see you later", "What", "none"),
        ("a pizza now", "Order", "order"),
        ("a pizza maybe", "What", "order"),
        ("terrible", "Sorry", "none"),
        ("sad", "Cheer up", "none"),
        ("hola", "Qué", "none"),
        ("anything", "What", "none"),
    ],
)
def test_the_models_say_what_the_test_says_exact_before_glob(tmp_path, text, reply, intent):
    head = """\
    mock:
      models:
        "see *": {intent: none}
        "see you": {intent: goodbye}
        "* now": {intent: order, score: 0.95}
        "* maybe": {intent: order, score: 0.6}
        terrible: {sentiment: negative, score: 0.9}
        sad: {mood: -0.7}
        hola: {language: es}
        "*": {intent: none, language: en}
    """
    talk = f"- user: {text}\n- bot: {reply}\n- expect: {{intent: {intent}}}"

    passes(tmp_path, talk, INTENTS, head=head)


APPEALS = """\
rules:
  - {id: sure, when: {appeal: person, min: 0.8}, do: {reply: A colleague answers}, priority: 150}
  - {id: grave, when: {appeal: [danger, threat]}, do: {reply: At once}, priority: 200}
  - {id: calm, when: {keyword: anything}, if: {not: {appeal: stuck}}, do: {reply: Well}}
  - {id: other, when: {fallback: true}, do: {reply: What}}
"""


@pytest.mark.parametrize(
    ("reading", "reply"),
    [
        ("{appeal: person}", "A colleague answers"),
        ("{appeal: person, score: 0.7}", "Well"),
        ("{appeal: {person: 0.9, danger: 0.65}}", "At once"),
        ("{appeal: {threat: 0.65, danger: 0.6}}", "Well"),
        ("{appeal: [threat, person]}", "At once"),
        ("{appeal: stuck}", "What"),
        ("{intent: none}", "Well"),
    ],
)
def test_an_appeal_is_heard_from_where_on_it_is_believed(tmp_path, reading, reply):
    head = f"mock: {{models: {{anything: {reading}}}}}\n"

    passes(tmp_path, f"- user: anything\n- bot: {reply}", APPEALS, head=head)


def test_an_entity_fills_the_slot_that_names_it(tmp_path):
    flows = """\
    flows:
      trip:
        when: {intent: travel}
        slots:
          city: {type: text, ask: Where to?, entity: place}
        steps: [{ask: city}, {reply: To $(city)}]
    """
    head = """\
    mock:
      models:
        go: {intent: travel}
        I mean the one in the south: {entities: {place: Recife}}
    """
    passes(
        tmp_path,
        """
        - user: go
        - bot: Where to?
        - user: I mean the one in the south
        - bot: To Recife
        """,
        flows=flows,
        head=head,
    )


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (Understanding(intents=(IntentScore("goodbye", 0.9, accepted=True),)), ""),
        (Understanding(failed="not loaded"), "the models say nothing: not loaded"),
    ],
)
def test_real_models_answer_where_a_test_asks_for_them(tmp_path, monkeypatch, said, message):
    opened = ScriptedUnderstander({"*": said})
    monkeypatch.setattr("bot.testing.runs.open_models", lambda folder, config: opened)
    rules = "rules: [{id: bye, when: {intent: goodbye}, do: {reply: Bye}}]"
    talk = "- user: so long\n- bot: Bye\n- expect: {intent: goodbye}"

    assert only(play(tmp_path, talk, rules, more="models: real")).message == message
    assert "got nothing" in fails(tmp_path, talk, rules, more="models: mock")


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("mock: {htp: []}", "unknown key 'htp'\n    = help: did you mean 'http'?"),
        ("mock: {http: [{ur: x}]}", "unknown key 'ur'\n    = help: did you mean 'url'?"),
        ("mock: {http: [{url: x, status: ok}]}", "'ok' is not a whole number from 100 to 599"),
        (
            "mock: {models: {a: {intnt: b}}}",
            "unknown key 'intnt'\n    = help: did you mean 'intent'?",
        ),
        ("mock: {models: {a: {appeal: help}}}", "'help' is not allowed for 'appeal'"),
        ("mock: {models: {a: {appeal: {help: 1}}}}", "unknown key 'help'"),
        ("mock: {models: {a: {sentiment: bad}}}", "'bad' is not allowed for 'sentiment'"),
        ("default: {}", "unknown key 'default'\n    = help: did you mean 'defaults'?"),
        ("defaults: {give: {}}", "unknown key 'give'\n    = help: did you mean 'given'?"),
        ("defaults: {timezone: Sao_Paulo}", "'Sao_Paulo' is not a time zone"),
    ],
)
def test_a_mistake_of_the_file_fails_as_a_test_with_its_place(tmp_path, head, told):
    folder = make_folder(tmp_path)
    write_test(folder, f"version: 1\n{head}\ntests: [{{test: one, talk: [{{user: ho}}]}}]\n")

    first = run_tests(folder).tests[0]

    assert first.outcome == "failed"
    assert first.line in (2, 3)
    assert first.message.startswith("tests/a.test.yaml:2:")
    assert told in first.message


def test_broken_yaml_fails_as_a_test_and_other_files_go_on(tmp_path):
    folder = make_folder(tmp_path)
    write_test(folder, "tests:\n  - test: [a\n", "a")
    write_test(folder, "version: 1\ntests: [{test: b, talk: [{user: hi}, {bot: Hello}]}]", "b")

    first, second = run_tests(folder).tests

    assert (first.outcome, first.name) == ("failed", "tests/a.test.yaml")
    assert first.message.startswith("tests/a.test.yaml:2:11: E001 not valid YAML")
    assert second.outcome == "passed"


def test_a_tone_may_be_mocked_by_its_name_as_intents_are(tmp_path):
    rules = (
        "rules:\n"
        "  - {id: sorry, when: {sentiment: negative, min: 0.9}, do: {reply: I am sorry}}\n"
        "  - {id: hm, when: {fallback: true}, do: {reply: Hm}}\n"
    )
    head = """\
    mock:
      models:
        it broke: {sentiment: {negative: 0.95}}
        it is slow: {sentiment: {negative: 0.6}}
    """
    talk = "- user: it broke\n- bot: I am sorry\n- user: it is slow\n- bot: Hm"

    passes(tmp_path, talk, rules, head=head)
