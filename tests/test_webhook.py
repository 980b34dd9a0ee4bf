import pytest

from bot.domain.effects import CallHttp
from bot.webhook import HttpWebhook, is_public


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "::1", "fe80::1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "::ffff:127.0.0.1", "0.0.0.0", "224.0.0.1"],
)  # fmt: skip
def test_an_address_inside_is_not_public(address):
    assert not is_public(address)


def test_an_address_outside_is_public():
    assert is_public("8.8.8.8")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/x", "not public"),
        ("http://127.1/x", "not public"),
        ("http://0x7f.1/x", "not public"),
        ("http://2130706433/x", "not public"),
        ("http://localhost/x", "not public"),
        ("http://127.0.0.1\\@good.example/", "backslash"),
        ("http://user:pass@8.8.8.8/", "user name"),
        ("file:///etc/passwd", "only http"),
        ("ftp://8.8.8.8/", "only http"),
    ],
)
async def test_a_call_inside_is_refused_before_it_is_made(url, reason):
    answered = await HttpWebhook().call(CallHttp(key="k", method="GET", url=url))

    assert answered.status == 0
    assert reason in answered.error
