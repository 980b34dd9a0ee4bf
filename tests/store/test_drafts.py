from bot.store import drafts

SECRET = b"secret"


def test_an_id_looks_like_one_of_whatsapp_web():
    assert drafts.reserve_id(SECRET, "c", 0).startswith("3EB0")
    assert len(drafts.reserve_id(SECRET, "c", 0)) == 22
    assert drafts.reserve_id(SECRET, "c", 0) != drafts.reserve_id(SECRET, "c", 1)
