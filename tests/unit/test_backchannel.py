"""What does not stop a reply."""

import pytest

from assistant.session.backchannel import is_backchannel


@pytest.mark.parametrize("text", ["yeah", "Mhm.", "oh, I see", "uh huh", "okay", "mm-hmm", "right, right"])
def test_sounds_of_a_listener(text):
    assert is_backchannel(text)


@pytest.mark.parametrize("text", ["", "stop", "yeah but wait", "no", "what time is it", "okay stop"])
def test_words_of_a_speaker(text):
    assert not is_backchannel(text)
