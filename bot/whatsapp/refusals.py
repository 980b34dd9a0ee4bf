"""Tells a send that wa-js refused from one at which the page itself failed."""

from bot.domain.errors import SendFailed, SendUncertain

LONGEST_SAID = 100  # characters of what the page says that are kept


def send_failure(code: str, said: str, *, lacking: bool = False) -> SendFailed | SendUncertain:
    """Return what a failed command means for its message.

    Args:
        code: The code that wa-js gives to its own refusals, such as ``chat_not_found``; the name of
            the exception (``TypeError``) when something else was thrown: a module that is not
            loaded yet or not there any more. Then nobody knows how far the send had come.
        said: The exception's text.
        lacking: What the command needs was looked for before, and is not in the page.
    """
    if lacking:
        return SendFailed("not_there", f"WhatsApp Web lacks what this needs: {said[:LONGEST_SAID]}")
    if code.endswith("Error") or code == "error":
        return SendUncertain(f"the page failed with {code}: {said[:LONGEST_SAID]}")
    return SendFailed(code, said[:LONGEST_SAID])
