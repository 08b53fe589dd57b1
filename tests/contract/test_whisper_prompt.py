"""What reaches Whisper's decoder before the audio: the skills' words, earlier text, and no more than fits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assistant.app import find_skills
from assistant.asr.faster_whisper import Engine, Options
from assistant.asr.streaming import Streaming
from assistant.audio.chunk import AudioChunk
from assistant.config import load
from tests.tiny import MODEL, say, takes

PROMPT_LIMIT = 224  # tokens: half of the decoder's context, as openai/whisper


@pytest.fixture(scope="module")
def engine() -> Engine:
    found = Engine(Options(model=str(MODEL), hint_tokens=64))
    found.adapt(find_skills(load(env={}, user=False).config).grammar)
    return found


@pytest.fixture
def prompts(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Each prompt that a decode was given."""
    seen: list[list[int]] = []
    model = engine._whisper.model

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return getattr(model, name)

        def generate(self, features: Any, prompts: list[list[int]], **options: Any) -> Any:
            seen.extend(prompts)
            return model.generate(features, prompts, **options)

    monkeypatch.setattr(engine._whisper, "model", Watched())
    return seen


def test_the_words_of_the_shipped_skills_reach_the_decoder(engine: Engine, prompts: list[list[int]]) -> None:
    streaming = Streaming(engine, background=False)
    utterance = streaming.open()
    utterance.feed(AudioChunk(say("Turn it up.")))
    assert utterance.finish().text == "Turn it up."
    tokenizer = engine._decoder.tokenizer("en")
    (prompt, *_) = prompts
    assert prompt[0] == tokenizer.sot_prev
    hinted = tokenizer.decode(prompt[1 : prompt.index(tokenizer.sot_sequence[0])]).split()
    vocabulary = find_skills(load(env={}, user=False).config).grammar.vocabulary()
    assert hinted
    assert set(hinted) <= set(vocabulary)
    rare = {len(tokenizer.encode(f" {word}")) for word in hinted}
    assert min(rare) > 1  # what the model has a token for, it needs no hint for
    assert max(rare) == max(len(tokenizer.encode(f" {word}")) for word in vocabulary)


def test_hints_and_earlier_text_never_fill_more_than_half_the_context(engine: Engine, prompts: list[list[int]]) -> None:
    tokenizer = engine._decoder.tokenizer("en")
    earlier = "What time is it in Tokyo? " * 100
    engine.decode(say("Turn it up."), prompt=earlier)
    for prompt in prompts:
        before = prompt[: prompt.index(tokenizer.sot_sequence[0])]
        assert len(before) <= PROMPT_LIMIT
        assert before[1 : 1 + len(engine._decoder.hints)] == engine._decoder.hints
        assert tokenizer.decode(before).rstrip().endswith("in Tokyo?")


def test_hints_change_next_to_nothing_for_what_the_model_knows(engine: Engine) -> None:
    plain = Engine(Options(model=str(MODEL), hint_tokens=0))
    same = [engine.decode(samples).text == plain.decode(samples).text for samples in takes(20, every=7)]
    assert np.mean(same) >= 0.9
