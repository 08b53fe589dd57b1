"""The tokenizer of the tiny chat model: byte-level BPE, and a chat template in the style of Qwen 2.5."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

START, END, CALL, CALL_END, PAD = "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>", "<|endoftext|>"
TEMPLATE = (Path(__file__).parent / "chat_template.jinja").read_text()

RESPONSE: dict[str, Any] = {
    "defaults": {"role": "assistant"},
    "start_anchor": f"{START}assistant\n",
    "fields": {
        "tool_calls": {
            "open_pattern": r"\s*<tool_call>",
            "close": CALL_END,
            "repeats": True,
            "content": "json",
            "transform": {"type": "function", "function": "{content}"},
        },
        "content": {"close_pattern": r"\s*<\|im_end\|>", "content": "text"},
    },
}
"""How ``transformers serve`` takes a reply apart; as it does for Qwen 2.5."""


def make(texts: Iterable[str], size: int) -> Any:
    """A fast tokenizer of that many tokens, trained on the texts."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[PAD, START, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    core.train_from_iterator(texts, trainer)
    core.add_tokens([AddedToken(text, special=False, normalized=False) for text in (CALL, CALL_END)])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core, eos_token=END, pad_token=PAD, model_max_length=32_768, clean_up_tokenization_spaces=False
    )
    tokenizer.chat_template = TEMPLATE
    tokenizer.response_template = RESPONSE
    return tokenizer
