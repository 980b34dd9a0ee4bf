"""What Chatwoot tells is believed only when it is signed, and read leniently."""

from datetime import timedelta

import pytest

from bot.crm.chatwoot_hook import AgentWrote, StatusMoved, is_signed, read
from tests.crm.chatwoot_stub import SECRET, moved, sign, written
from tests.make import NOW


def holds(body, headers, secret=SECRET, now=NOW):
    return is_signed(
        secret, body, headers["X-Chatwoot-Signature"], headers["X-Chatwoot-Timestamp"], now
    )


def test_what_was_signed_with_our_secret_a_moment_ago_is_believed():
    body, headers = sign(written("olá"), NOW)

    assert holds(body, headers)
    assert holds(body, headers, now=NOW + timedelta(minutes=4))


def test_anything_else_is_not():
    body, headers = sign(written(), NOW)

    assert not holds(body + b" ", headers)
    assert not holds(body, headers, secret="other")
    assert not holds(body, headers, secret="")
    assert not holds(body, headers, now=NOW + timedelta(minutes=6))
    assert not holds(body, headers, now=NOW - timedelta(minutes=6))
    assert not holds(body, {**headers, "X-Chatwoot-Timestamp": "soon"})
    assert not holds(body, {**headers, "X-Chatwoot-Signature": "ü"})


def test_an_agents_message_is_read_with_its_files():
    told = read(
        written(
            None, phone="+5511987654321",
            attachments=[{"file_type": "image", "data_url": "https://x.example/a"}, {"id": 1}],
        )
    )  # fmt: skip

    assert told == AgentWrote(
        inbox=3, conversation="1", id="900", text="", number="+5511987654321",
        files=(("image", "https://x.example/a"),),
    )  # fmt: skip
    assert read(written(message_type=1)) is not None


@pytest.mark.parametrize(
    "told",
    [
        written(private=True), written(message_type="incoming"), written(message_type="template"),
        written(source_id="alexia:3EB0"), written(content_attributes={"alexia": "alexia:3EB0"}),
        written(inbox="x"), written(id=None), moved("gone"), moved("open", inbox=None),
        {"event": "contact_updated"}, {}, {"event": "message_created", "conversation": []},
    ],
)  # fmt: skip
def test_our_own_and_what_does_not_concern_us_is_nothing(told):
    assert read(told) is None


def test_a_status_is_read():
    assert read(moved("resolved")) == StatusMoved(inbox=3, conversation="1", status="resolved")
