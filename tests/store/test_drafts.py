from bot.store import drafts

SECRET = b"secret"


def test_an_id_looks_like_one_of_whatsapp_web():
    assert drafts.reserve_id(SECRET, "c", 0).startswith("3EB0")
    assert len(drafts.reserve_id(SECRET, "c", 0)) == 22
    assert drafts.reserve_id(SECRET, "c", 0) != drafts.reserve_id(SECRET, "c", 1)


def test_an_id_of_ours_is_known_without_what_it_was_made_for():
    made = [drafts.reserve_id(SECRET, f"c{number}", 0) for number in range(50)]

    assert all(drafts.is_reserved(SECRET, one) for one in made)
    assert not any(drafts.is_reserved(b"another", one) for one in made)
    assert not any(drafts.is_reserved(SECRET, one[:-1]) for one in made)
    assert len({*made}) == 50
