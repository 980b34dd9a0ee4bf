"""Files that rules send from a url."""

import pytest

from bot.delivery.contents import LARGEST
from bot.delivery.downloads import TRIES, download
from bot.domain.bodies import Attachment
from bot.domain.errors import MediumLost, SendFailed
from bot.domain.messages import MessageKind


class Net:
    """Answers calls one after the other."""

    def __init__(self, *answers) -> None:
        self.answers = list(answers)
        self.asked: list[tuple] = []

    async def fetch(self, url: str, write, *, within: float, most: int):
        self.asked.append((url, most))
        answer = self.answers.pop(0)
        if isinstance(answer, MediumLost):
            await write(b"a part of a try that failed")
            raise answer
        data, told = answer
        await write(data[:2])
        await write(data[2:])
        return told


def at(url: str, name: str = "") -> Attachment:
    return Attachment(kind=MessageKind.IMAGE, url=url, name=name)


@pytest.mark.parametrize(
    ("url", "told", "name", "mimetype"),
    [
        ("https://shop.example/a/prices.pdf?x=1", "application/pdf; q=1", "prices.pdf",
         "application/pdf"),
        ("https://shop.example/Pre%C3%A7os.pdf", "text/plain", "Preços.pdf", "application/pdf"),
        ("https://shop.example/", "", "file", "image/jpeg"),
        ("https://shop.example/%2e%2e%2f%2e%2e%2fetc%5cpasswd", "nonsense", "etcpasswd",
         "image/jpeg"),
        ("https://shop.example/x%0d%0aSet.png", "image/png\r\nX: y", "xSet.png", "image/png"),
    ],
)  # fmt: skip
async def test_a_file_has_the_name_and_type_that_its_url_and_server_tell(url, told, name, mimetype):
    net = Net((b"data", told))
    content = await download(at(url), net.fetch)

    assert (content.data, content.name, content.mimetype) == (b"data", name, mimetype)
    assert net.asked == [(url, LARGEST)]


async def test_the_name_in_the_rule_goes_before_that_of_the_url():
    content = await download(at("https://a.example/x", name="menu.png"), Net((b"", "")).fetch)

    assert (content.name, content.mimetype) == ("menu.png", "image/png")


async def test_a_passing_failure_is_tried_again():
    net = Net(MediumLost("status 503"), (b"data", "image/png"))

    assert (await download(at("https://a.example/x"), net.fetch, pause=0)).data == b"data"


@pytest.mark.parametrize(
    ("failure", "tries"),
    [(MediumLost("status 503"), TRIES), (MediumLost("not public", for_good=True), 1)],
)
async def test_what_is_not_to_be_had_fails_with_its_reason(failure, tries):
    net = Net(*[failure] * 9)

    with pytest.raises(SendFailed, match=failure.reason):
        await download(at("https://a.example/x"), net.fetch, pause=0)
    assert len(net.asked) == tries
