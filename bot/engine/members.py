"""What belongs to one member of a group: each has open flows and timers of their own there."""

from bot.domain.conversation import Frame
from bot.domain.data import replace
from bot.domain.effects import StartTimer
from bot.domain.turns import AUTHOR

MARK = "|"
"""In the key of a timer it stands before the member to whom it belongs."""


def timer_key(kind: str, frame: Frame) -> str:
    """Return the key of a frame's timer, such as ``remind:pizza_order``."""
    key = f"{kind}:{frame.flow}"
    return marked(key, frame) if frame.author else key


def marked(key: str, frame: Frame) -> str:
    """Return a key that no other member's timer has."""
    return f"{key}{MARK}{frame.author}" if frame.author else key


def bare_key(key: str) -> str:
    """Return a timer's key without the member."""
    return key.partition(MARK)[0]


def of_frame(timer: StartTimer, frame: Frame) -> StartTimer:
    """Return a timer that is about the member whose frame set it."""
    if not frame.author:
        return timer
    return replace(timer, payload={**timer.payload, AUTHOR: frame.author})
