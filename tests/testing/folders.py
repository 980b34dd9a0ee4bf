"""A user's folder with rules and tests, written out for one test."""

from textwrap import dedent, indent

from bot.testing import run_tests

HELLO = "version: 1\nrules: [{id: a, when: {keyword: hi}, do: {reply: Hello}}]\n"


def make_folder(tmp_path, rules=HELLO, flows=""):
    (tmp_path / "rules").mkdir(exist_ok=True)
    text = dedent(rules)
    (tmp_path / "rules" / "a.yaml").write_text(
        text if text.startswith("version") else f"version: 1\n{text}"
    )
    if flows:
        (tmp_path / "flows").mkdir(exist_ok=True)
        (tmp_path / "flows" / "a.yaml").write_text("version: 1\n" + dedent(flows))
    (tmp_path / "tests").mkdir(exist_ok=True)
    return tmp_path


def write_test(folder, text, name="a"):
    file = folder / "tests" / f"{name}.test.yaml"
    file.write_text(dedent(text), encoding="utf-8")
    return file


def play(tmp_path, talk, rules=HELLO, flows="", head="", more="", **options):
    """Run one test whose lines are ``talk``."""
    folder = make_folder(tmp_path, rules, flows)
    lines = indent(dedent(talk).strip("\n"), "      ")
    extra = indent(dedent(more).strip("\n"), "    ")
    write_test(
        folder,
        f"version: 1\n{dedent(head)}tests:\n  - test: one\n{extra}\n    talk:\n{lines}\n",
    )
    return run_tests(folder, **options)


def only(results):
    """Return the one outcome."""
    (outcome,) = results.tests
    return outcome


def passes(tmp_path, talk, rules=HELLO, flows="", **more):
    message = only(play(tmp_path, talk, rules, flows, **more)).message
    assert not message, message


def fails(tmp_path, talk, rules=HELLO, flows="", **more):
    outcome = only(play(tmp_path, talk, rules, flows, **more))
    assert outcome.outcome == "failed"
    return outcome.message
