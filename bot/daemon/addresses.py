"""Addresses as people write them."""

from bot.domain.messages import ChatId


def chat_of(address: str) -> ChatId:
    """Return the chat that a person names: a whole address, or a number in any writing."""
    if "@" in address:
        return ChatId(address)
    return ChatId("".join(letter for letter in address if letter.isdigit()) + "@c.us")
