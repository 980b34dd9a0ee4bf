"""A test may switch the guard against spam on, with what the configuration says of it."""

import pytest

from bot.config import load_config
from tests.testing.folders import passes

RULES = """\
rules:
  - {id: any, when: {fallback: true}, do: {reply: How can I help?}}
  - {id: told, when: {event: spam.detected}, do: {tag: spammer}}
"""
CONFIG = """\
spam:
  words: [casino]
  repeats: 2
"""


@pytest.fixture
def config(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text(CONFIG, "utf-8")
    return load_config(file, {})


def test_an_advertiser_is_left_alone_and_stop_is_heard(tmp_path, config):
    talk = """\
        - user: Casino! Earn at https://spam.example
        - expect: {silent: true, muted: true, handoff: spam_guard, tags: [spammer]}
        - user: Hello?
        - expect: {silent: true}
        - restart: true
        - user: Are you there?
        - expect: {silent: true}
        - user: STOP
        - bot: {contains: no more messages}
        - wait: 25h
        - user: Good morning
        - bot: How can I help?
    """
    passes(tmp_path, talk, RULES, more="spam: true", config=config)


def test_a_customer_who_repeats_a_question_is_answered(tmp_path, config):
    talk = """\
        - user: When do you open?
        - bot: How can I help?
        - user: When do you open?
        - bot: How can I help?
        - wait: 1h
        - user: When do you open?
        - bot: How can I help?
        - expect: {muted: false}
    """
    passes(tmp_path, talk, RULES, more="spam: true", config=config)


def test_whoever_repeats_on_and_on_is_not(tmp_path, config):
    talk = """\
        - user: Buy followers now
        - bot: How can I help?
        - user: Buy followers now
        - bot: How can I help?
        - user: Buy followers now
        - bot: How can I help?
        - user: Buy followers now
        - expect: {silent: true, muted: true}
    """
    passes(tmp_path, talk, RULES, more="spam: true", config=config)


def test_somebody_with_a_trusted_tag_is_never_muted(tmp_path, config):
    talk = """\
        - user: Casino! Earn at https://spam.example
        - bot: How can I help?
    """
    more = """\
        spam: true
        given: {contact: {name: Ana, tags: [trusted]}}
    """
    passes(tmp_path, talk, RULES, more=more, config=config)


def test_without_it_everybody_is_answered(tmp_path, config):
    talk = """\
        - user: Casino! Earn at https://spam.example
        - bot: How can I help?
    """
    passes(tmp_path, talk, RULES, config=config)
