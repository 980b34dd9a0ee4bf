import pytest

from bot.domain.errors import SendFailed, SendUncertain
from bot.whatsapp.refusals import send_failure


def test_what_wa_js_refuses_was_surely_not_sent():
    failure = send_failure("chat_not_found", "Chat not found for 1@c.us")

    assert isinstance(failure, SendFailed)
    assert failure.code == "chat_not_found"


@pytest.mark.parametrize("code", ["TypeError", "ReferenceError", "Error", "AbortError", "error"])
def test_what_the_page_itself_throws_leaves_the_fate_open(code):
    failure = send_failure(code, "Cannot read properties of undefined (reading 'm')")

    assert isinstance(failure, SendUncertain)
    assert code in str(failure)


def test_what_a_page_without_the_module_throws_was_surely_not_sent():
    failure = send_failure("TypeError", "prepRawMedia is not a function", lacking=True)

    assert isinstance(failure, SendFailed)
    assert "WhatsApp Web lacks what this needs" in str(failure)
