"""Makes messages for tests: only what matters is written out."""

from datetime import UTC, datetime

from bot.domain.messages import AccountId, ChatId, Message, MessageId, MessageKind, Origin

ACCOUNT = AccountId("5511900000001@c.us")
ANA = ChatId("5511987654321@c.us")
BO = ChatId("5511912345678@c.us")
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def message(
    text: str = "hello",
    *,
    id: str = "A1",
    chat: ChatId = ANA,
    sent_at: datetime = NOW,
    from_me: bool = False,
    kind: MessageKind = MessageKind.TEXT,
    origin: Origin = Origin.LIVE,
    account: AccountId = ACCOUNT,
    **more: object,
) -> Message:
    return Message(
        account=account,
        chat=chat,
        id=MessageId(id),
        sender=account if from_me else chat,
        sender_name="" if from_me else "Ana Souza",
        text=text,
        kind=kind,
        sent_at=sent_at,
        from_me=from_me,
        origin=origin,
        **more,
    )
