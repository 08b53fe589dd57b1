"""Which recogniser ``auto`` takes."""

from __future__ import annotations

import shutil

from assistant import paths
from assistant.app import choose_asr
from assistant.config import load
from tests.tiny import MODEL

AUTO = {"ASSISTANT_ASR__ENGINE": "auto"}


def whisper_in_models_folder():
    return shutil.copytree(MODEL, paths.models_dir() / "whisper-base")


def test_without_a_model_it_is_pocketsphinx_and_not_a_word_is_said(caplog):
    assert choose_asr(load(env=AUTO, user=False))[0] == "pocketsphinx"
    assert caplog.records == []


def test_a_model_is_taken():
    whisper_in_models_folder()
    assert choose_asr(load(env=AUTO, user=False))[0] == "whisper"


def test_a_damaged_model_is_one_line_and_pocketsphinx(caplog):
    file = whisper_in_models_folder() / "model.bin"
    file.write_bytes(file.read_bytes()[:1000])
    assert choose_asr(load(env=AUTO, user=False))[0] == "pocketsphinx"
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert "cannot be read" in record.getMessage()
    assert "assistant models pull whisper-base" in record.getMessage()
    assert record.getMessage().endswith("going on with pocketsphinx")
    assert "\n" not in record.getMessage()
