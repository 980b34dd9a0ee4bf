import pytest

from bot.console.keys import Key, KeyFile, KeysRefused, Role


def test_the_first_key_is_made_for_its_owner_alone(tmp_path):
    keys = KeyFile(tmp_path / "state")
    keys.ensure()

    (made,) = keys.keys()
    assert (made.name, made.role, len(made.secret)) == ("admin", Role.ADMIN, 64)
    assert keys.path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_a_key_stays_the_same_over_a_restart(tmp_path):
    KeyFile(tmp_path).ensure()
    before = KeyFile(tmp_path).keys()
    KeyFile(tmp_path).ensure()

    assert KeyFile(tmp_path).keys() == before


def test_a_rotated_key_counts_at_once_and_the_old_one_no_more(tmp_path):
    running, command = KeyFile(tmp_path), KeyFile(tmp_path)
    running.ensure()
    (old,) = running.keys()

    new = command.put("admin")

    assert running.find(old.secret) is None
    assert running.find(new.secret) == new


def test_a_key_is_never_shown_by_accident(tmp_path):
    assert "s3cret" not in repr(Key(name="a", role=Role.VIEWER, secret="s3cret"))


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", '{"a": 1}', '{"a": {"role": "admin", "key": "x"}}',
        '{"a": {"role": "king", "key": "' + "0" * 64 + '"}}',
    ],
)  # fmt: skip
def test_a_broken_file_is_told_and_lets_nobody_in(tmp_path, text):
    keys = KeyFile(tmp_path)
    keys.path.write_text(text)

    with pytest.raises(KeysRefused, match="tokens rotate"):
        keys.find("x")


def test_without_a_file_nobody_comes_in(tmp_path):
    assert KeyFile(tmp_path).find("x") is None
