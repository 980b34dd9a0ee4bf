import pytest

from bot.nlu.tone_text import plain_tone


@pytest.mark.parametrize(
    ("text", "plain"),
    [("I loooove it 😀👍🏽", "I loove it grinning face thumbs up"), (":)", "smiling face"),
     ("<3 :(", "red love heart sad crying face"), ("at 10:30 (now)", "at 10:30 (now)"),
     ("see https://x.example/a?b @ana", "see http @user"), ("what?????", "what???"),
     ("crushed 😤", "crushed annoyed face"), ("⭐️⭐⭐⭐⭐ thanks", "gold stars thanks"),
     ("DIDNT work, wont do", "DIDn't work, wont do"), ("não é bom", "não é bom"), ("", "")],
)  # fmt: skip
def test_faces_become_words_and_the_rest_stays(text, plain):
    assert plain_tone(text) == plain
