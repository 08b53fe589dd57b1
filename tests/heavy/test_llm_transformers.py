"""The transformers engine with the tiny chat model: a real model, tokenizer, chat template and PyTorch."""

from __future__ import annotations

import gc
import json
import logging
import shutil
import threading
import weakref
from dataclasses import replace

import pytest

from assistant.errors import EngineError, InputError, MissingDependency, MissingModel
from assistant.llm.base import Delta, Message, ToolCall, Usage
from assistant.session.prompt import Moment, Prompt
from tests.tiny_chat.dialogues import FIXED
from tests.tiny_chat.model import MODEL, SET_TIMER, assistant, user
from tests.unit.thinkingkit import NOON

pytestmark = pytest.mark.heavy
pytest.importorskip("transformers")

import torch  # noqa: E402

from assistant.llm.transformers import Engine, Options, find_chat_model  # noqa: E402
from assistant.llm.transformers_decoding import Detokeniser  # noqa: E402
from assistant.llm.transformers_prompt import encode  # noqa: E402

SYSTEM = Prompt(None, "Jarvis", "Sofia", lambda: ["timers", "the weather", "music"]).system(Moment(NOON))
COUNTED = FIXED["Count to thirty."]


@pytest.fixture(scope="module")
def engine():
    engine = Engine(Options(model=str(MODEL), threads=1))
    yield engine
    engine.close()


def pieces(engine, *chat, tools=()):
    reply = engine.reply(chat, tools)
    made = list(reply)
    reply.close()
    assert isinstance(made[-1], Usage)
    assert not any(isinstance(piece, Usage) for piece in made[:-1])
    return made


def answer(engine, *chat, tools=()):
    return "".join(piece.text for piece in pieces(engine, *chat, tools=tools) if isinstance(piece, Delta))


@pytest.mark.parametrize("said", FIXED)
def test_it_answers_with_the_assistants_own_prompt_in_front(engine, said):
    assert answer(engine, SYSTEM, user(said), tools=[SET_TIMER]) == FIXED[said]


def test_a_reply_is_streamed(engine):
    made = pieces(engine, user("Say thank you in other languages."))
    texts = [piece.text for piece in made[:-1]]
    assert len(texts) > 8
    assert "".join(texts) == FIXED["Say thank you in other languages."]


@pytest.mark.parametrize("text", ["龘 and 🦑🏳️‍🌈", "naïve – “quoted”", "  two  spaces\n\nand lines ", "", "🙏🏽"])
def test_text_comes_in_whole_characters(engine, text):
    ids = engine.tokenizer.encode(text, add_special_tokens=False)
    detokeniser = Detokeniser(engine.tokenizer, frozenset())
    texts = [detokeniser.feed(token) for token in ids]
    assert not any("�" in piece for piece in texts)
    assert "".join(texts) + detokeniser.finish() == text
    if "龘" in text:
        assert "" in texts, "its character takes several tokens"


def test_half_a_character_at_the_end_is_dropped(engine):
    detokeniser = Detokeniser(engine.tokenizer, frozenset())
    ids = engine.tokenizer.encode("So 龘", add_special_tokens=False)
    assert "".join(map(detokeniser.feed, ids[:-1])) + detokeniser.finish() in ("So", "So ")


def test_a_tool_is_called_and_its_result_is_told(engine):
    chat = [SYSTEM, user("Start the pasta water timer.")]
    call, usage = pieces(engine, *chat, tools=[SET_TIMER])
    assert call == ToolCall("timers__set_timer", {"duration": "10 minutes", "name": "pasta water"})
    assert not usage.cut
    call = replace(call, id="call_0")
    chat += [Message("assistant", "", (call,))]
    done = Message("tool", "Pasta water timer: 10 minutes from now.", call_id="call_0", name=call.name)
    assert answer(engine, *chat, done, tools=[SET_TIMER]) == "The pasta water timer is running."
    refused = replace(done, text="It did not work.")
    assert answer(engine, *chat, refused, tools=[SET_TIMER]) == "That did not work."


def test_two_calls_in_one_round(engine):
    *calls, _ = pieces(engine, SYSTEM, user("Start the egg timer and the tea timer."), tools=[SET_TIMER])
    assert [call.arguments["name"] for call in calls] == ["egg", "tea"]
    assert [call.arguments["duration"] for call in calls] == ["6 minutes", "4 minutes"]


def test_a_conversation_of_several_turns(engine):
    chat = [SYSTEM]
    for said in ("Hello.", "Tell me about the moon.", "Who are you?", "Tell me a joke."):
        chat.append(user(said))
        chat.append(assistant(answer(engine, *chat, tools=[SET_TIMER])))
        assert chat[-1].text == FIXED[said]
    call, _ = pieces(engine, *chat, user("The egg needs its timer."), tools=[SET_TIMER])
    assert call.arguments == {"duration": "6 minutes", "name": "egg"}


def test_what_was_read_for_one_reply_is_not_read_again_for_the_next(engine):
    long = replace(SYSTEM, text=SYSTEM.text + " The user likes short answers." * 40)
    first = pieces(engine, long, user("Hello."))[-1]
    second = pieces(engine, long, user("Hello."), assistant(FIXED["Hello."]), user("How are you today?"))
    assert second[-1].prompt > first.prompt > 400
    assert second[-1].cached >= first.prompt, "the reply is known, too, not only the prompt"
    assert "".join(piece.text for piece in second[:-1]) == "I am fine, thank you."


@pytest.mark.parametrize("text", ["Tell me a joke.", "Start the tea timer.", "Thank you very much."])
def test_a_kept_beginning_changes_nothing(engine, text):
    """What was computed in another order, and cut back, gives the same reply as from scratch."""
    chat = [SYSTEM, user("Who are you?"), assistant(FIXED["Who are you?"]), user(text)]
    engine.unload()
    fresh = pieces(engine, *chat, tools=[SET_TIMER])
    pieces(engine, *chat[:3], user("Count to thirty."), tools=[SET_TIMER])
    again = pieces(engine, *chat, tools=[SET_TIMER])
    assert fresh[-1].cached == 0 < again[-1].cached < again[-1].prompt
    assert again[:-1] == fresh[:-1]


def test_warming_up_reads_the_beginning_ahead(engine):
    engine.unload()
    engine.warm([SYSTEM], [SET_TIMER])
    usage = pieces(engine, SYSTEM, user("Hello."), tools=[SET_TIMER])[-1]
    assert usage.cached > 0.7 * usage.prompt


def test_nothing_is_generated_before_it_is_drawn(engine, monkeypatch):
    chosen = []
    choose = engine.choose
    monkeypatch.setattr(engine, "choose", lambda *args: chosen.append(choose(*args)) or chosen[-1])
    reply = engine.reply([user("Count to thirty.")], [])
    assert chosen == []
    next(reply), next(reply)
    assert len(chosen) <= 4
    reply.close()


def test_a_cancelled_reply_ends_within_a_token(engine, monkeypatch):
    chosen = []
    choose = engine.choose

    def cancelling(*args):
        if len(chosen) == 10:
            reply.cancel()  # from another thread in life; the step under way is this one
        chosen.append(choose(*args))
        return chosen[-1]

    monkeypatch.setattr(engine, "choose", cancelling)
    reply = engine.reply([user("Count to thirty.")], [])
    heard = "".join(piece.text for piece in reply)
    assert COUNTED.startswith(heard)
    assert 0 < len(heard) < 60
    assert len(chosen) == 11
    assert list(reply) == []
    assert answer(engine, user("Hello.")) == FIXED["Hello."]


def test_a_long_prompt_is_not_read_to_its_end_when_cancelled(engine, monkeypatch):
    reads = []
    read = engine.read

    def cancelling(*args):
        reply.cancel()
        reads.append(args)
        return read(*args)

    monkeypatch.setattr(engine, "read", cancelling)
    engine.unload()
    reply = engine.reply([user("Hello. " * 2000)], [])
    assert list(reply) == []
    assert len(reads) == 1


def test_a_reply_is_cut_at_its_cap():
    for options in (Options(model=str(MODEL), tokens=5), Options(model=str(MODEL), seconds=1e-9)):
        engine = Engine(options)
        *texts, usage = pieces(engine, user("Count to thirty."))
        assert usage.cut
        assert 1 <= usage.reply <= 5
        assert COUNTED.startswith("".join(piece.text for piece in texts))
        engine.close()


def test_a_prompt_that_is_too_long_is_an_error(engine):
    with pytest.raises(EngineError, match="can read 32768 at most") as caught:
        list(engine.reply([user("Hello there. " * 20_000)], []))
    assert caught.value.code == "too_long"


def test_tokens_are_counted_by_its_own_tokenizer(engine):
    assert engine.count("") == 0
    assert engine.count("The timer is running.") < 10
    assert engine.count("The timer is running. " * 10) > 40


def test_it_unloads_when_idle_and_loads_again():
    unloaded = threading.Event()

    class Noticing(Engine):
        def unload(self):
            super().unload()
            unloaded.set()

    engine = Noticing(Options(model=str(MODEL), idle_unload=0.05))
    assert answer(engine, user("Hello.")) == FIXED["Hello."]
    for _ in range(600):  # it may have been slow enough to be unloaded and loaded again in the middle of the reply
        if engine.device == "":
            break
        unloaded.wait(0.1)
        unloaded.clear()
    assert engine.device == ""
    assert answer(engine, user("Hello.")) == FIXED["Hello."]
    engine.close()


def test_nothing_of_the_model_is_left_in_memory_when_it_is_unloaded(engine):
    answer(engine, user("Hello."))
    network, cache = weakref.ref(engine._loaded.network), weakref.ref(engine._kept.cache)
    engine.unload()
    gc.collect()
    assert (network(), cache()) == (None, None)


def test_a_reply_goes_on_when_the_model_was_unloaded_in_its_middle(engine):
    reply = engine.reply([user("Count to thirty.")], [])
    begun = [next(reply).text for _ in range(20)]
    engine.unload()
    rest = [piece.text for piece in reply if isinstance(piece, Delta)]
    assert "".join(begun + rest) == COUNTED


def test_a_full_gpu_is_left_for_the_cpu(monkeypatch, caplog):
    """The GPU is pretended, its being full and the CPU are real."""
    from assistant.llm import transformers_model as loading

    load, wanted = loading.load_model, []

    def full(folder, placement):
        wanted.append(placement.device)
        if placement.device != "cpu":
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return load(folder, placement)

    monkeypatch.setattr(loading, "load_model", full)
    other = Engine(Options(model=str(MODEL), device="cuda"))
    with caplog.at_level(logging.WARNING):
        assert answer(other, user("Hello.")) == FIXED["Hello."]
        assert answer(other, user("Hello.")) == FIXED["Hello."]
    assert wanted == ["cuda", "cpu"]
    assert [record.message.partition(" (")[0] for record in caplog.records] == [
        f"transformers: the GPU cannot hold {MODEL}"
    ]
    other.close()


def test_sampling_follows_the_temperature():
    bold = Engine(Options(model=str(MODEL), temperature=2.0, tokens=40))
    torch.manual_seed(3)
    said = {answer(bold, user("Tell me about the moon.")) for _ in range(4)}
    assert len(said) > 1
    bold.close()


def test_a_model_that_is_not_here_names_the_command():
    with pytest.raises(MissingModel, match=r"Fetch it with: hf download Qwen/Qwen3-0\.6B \(or give the folder"):
        find_chat_model("Qwen/Qwen3-0.6B")
    with pytest.raises(MissingModel, match=r"hf download .* say llm\.model: "):
        find_chat_model(None)


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(MODEL, tmp_path / "model")


def refusal(folder):
    with pytest.raises((EngineError, InputError)) as caught:
        list(Engine(Options(model=str(folder))).reply([user("Hello.")], []))
    text = str(caught.value)
    assert str(folder) in text
    assert "\n" not in text
    assert len(text) < 600
    return text


def test_broken_folders_are_told_in_a_line(copy):
    weights = copy / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[: len(whole) // 2])
    assert "fetch it again" in refusal(copy)
    weights.write_bytes(whole)
    (copy / "chat_template.jinja").unlink()
    assert "no chat template" in refusal(copy)
    (copy / "tokenizer.json").write_text("{")
    assert "its tokenizer cannot be read" in refusal(copy)
    weights.unlink()
    assert "it has no weights" in refusal(copy)
    (copy / "config.json").write_text("[]")
    assert "no config.json" in refusal(copy)


def test_a_template_without_tools_or_system_messages_gets_them_as_text(copy):
    (copy / "chat_template.jinja").write_text(
        "{% for message in messages %}{% if message.role == 'system' %}{{ raise_exception('no system') }}{% endif %}"
        "<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n"
    )
    plain = Engine(Options(model=str(copy)))
    call = ToolCall("timers__set_timer", {"name": "tea"}, "a")
    chat = [
        SYSTEM,
        user("Tea!"),
        Message("assistant", "", (call,)),
        Message("tool", "Done.", call_id="a", name=call.name),
    ]
    prompt = plain.tokenizer.decode(encode(plain.tokenizer, chat, [SET_TIMER]))
    first, *rest = prompt.split("<|im_start|>")[1:]
    assert first.startswith(f"user\n{SYSTEM.text}\n\nYou may call these tools")
    assert first.endswith("and nothing else.\n\nTea!<|im_end|>\n")
    assert rest == [
        'assistant\n<tool_call>{"name": "timers__set_timer", "arguments": {"name": "tea"}}</tool_call><|im_end|>\n',
        "user\n<tool_response>\nDone.\n</tool_response><|im_end|>\n",
        "assistant",
    ]
    plain.close()


def test_quantising_needs_its_library(monkeypatch):
    from assistant.llm import transformers_model as loading

    monkeypatch.setattr(loading, "find_spec", lambda _: None)
    with pytest.raises(MissingDependency, match="pip install bitsandbytes"):
        list(Engine(Options(model=str(MODEL), quantise="4bit")).reply([user("Hello.")], []))


def test_the_committed_model_is_small():
    assert sum(path.stat().st_size for path in MODEL.iterdir()) < 2_000_000
    assert json.loads((MODEL / "config.json").read_text())["model_type"] == "smollm3"
