"""espeak-ng keeps what every voice must (tests/ttscontract.py)."""

from __future__ import annotations

import pytest

from assistant.errors import MissingDependency
from assistant.tts.espeak import Engine
from tests.ttscontract import TtsContract


@pytest.fixture(scope="module")
def engine() -> Engine:
    try:
        return Engine()
    except MissingDependency as error:
        pytest.skip(str(error))


class TestEspeak(TtsContract):
    pass
