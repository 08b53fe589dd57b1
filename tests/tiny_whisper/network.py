"""A small Whisper, initialised so that it learns, with forward passes that can run short windows.

The parameters are those of ``transformers.WhisperForConditionalGeneration``, so the model is saved
and converted like any other; only the passes are ours, because transformers insists on 30 seconds.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

sys.modules.setdefault("torchaudio", None)  # type: ignore[arg-type]  # a CUDA torchaudio would not load

from transformers import GenerationConfig, WhisperConfig, WhisperForConditionalGeneration  # noqa: E402

HEADS, WIDTH, LAYERS = 4, 96, 2
ALIGNING = (0, 1)
"""Heads of the last decoder layer that are trained to look at the token being predicted."""


def build(tokenizer: Tokenizer) -> Any:
    """A Whisper from random weights (Xavier and Kaiming; encoder positions scaled by 0.2)."""
    ids = {token: index for token, index in tokenizer.get_vocab().items() if token.startswith("<|")}
    end = ids["<|endoftext|>"]
    config = WhisperConfig(
        vocab_size=tokenizer.get_vocab_size(),
        num_mel_bins=80,
        d_model=WIDTH,
        encoder_layers=LAYERS,
        decoder_layers=LAYERS,
        encoder_attention_heads=HEADS,
        decoder_attention_heads=HEADS,
        encoder_ffn_dim=4 * WIDTH,
        decoder_ffn_dim=4 * WIDTH,
        dropout=0.0,
        decoder_start_token_id=ids["<|startoftranscript|>"],
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=end,
    )
    model: Any = WhisperForConditionalGeneration(config)
    model.generation_config = _generation(tokenizer, ids, end)
    for name, parameter in model.named_parameters():
        if "embed_positions" in name:
            parameter.data.mul_(0.2) if "encoder" in name else nn.init.normal_(parameter, std=0.02)
        elif "embed_tokens" in name:
            nn.init.normal_(parameter, std=WIDTH**-0.5)
        elif "conv" in name and parameter.ndim == 3:
            nn.init.kaiming_normal_(parameter)
        elif parameter.ndim == 2:
            nn.init.xavier_uniform_(parameter)
    return model


def _generation(tokenizer: Tokenizer, ids: dict[str, int], end: int) -> GenerationConfig:
    return GenerationConfig(  # type: ignore[no-untyped-call]
        decoder_start_token_id=ids["<|startoftranscript|>"],
        **{f"{name}_token_id": end for name in ("bos", "eos", "pad")},
        suppress_tokens=[],
        begin_suppress_tokens=[tokenizer.token_to_id("Ġ"), end],
        no_timestamps_token_id=ids["<|notimestamps|>"],
        prev_sot_token_id=ids["<|startofprev|>"],
        is_multilingual=False,
        lang_to_id={"<|en|>": ids["<|en|>"]},
        task_to_id={"transcribe": ids["<|transcribe|>"], "translate": ids["<|translate|>"]},
        alignment_heads=[[LAYERS - 1, head] for head in ALIGNING],
        max_initial_timestamp_index=50,
        max_length=448,
    )


@dataclass(frozen=True, slots=True)
class Output:
    """Logits (batch, tokens, vocabulary) and the aligning heads' attention (batch, 2, tokens, positions)."""

    logits: Tensor
    attention: Tensor


def encode(model: Any, features: Tensor) -> Tensor:
    """Features (batch, 80, frames) of any length to states (batch, frames / 2, width)."""
    encoder = model.model.encoder
    x = F.gelu(encoder.conv2(F.gelu(encoder.conv1(features)))).transpose(1, 2)
    x = x + encoder.embed_positions.weight[: x.shape[1]]
    for layer in encoder.layers:
        y = layer.self_attn_layer_norm(x)
        x = x + _attend(layer.self_attn, y, y, causal=False)
        x = x + layer.fc2(F.gelu(layer.fc1(layer.final_layer_norm(x))))
    return encoder.layer_norm(x)  # type: ignore[no-any-return]


def decode(model: Any, tokens: Tensor, states: Tensor) -> Output:
    """Token ids (batch, tokens) to the next token's logits."""
    decoder = model.model.decoder
    x = decoder.embed_tokens(tokens) + decoder.embed_positions.weight[: tokens.shape[1]]
    attention = x
    for layer in decoder.layers:
        y = layer.self_attn_layer_norm(x)
        x = x + _attend(layer.self_attn, y, y, causal=True)
        y = layer.encoder_attn_layer_norm(x)
        attention = _weights(layer.encoder_attn, y, states)
        x = x + _attend(layer.encoder_attn, y, states, causal=False)
        x = x + layer.fc2(F.gelu(layer.fc1(layer.final_layer_norm(x))))
    logits = decoder.layer_norm(x) @ decoder.embed_tokens.weight.T
    return Output(logits, attention)


def _heads(x: Tensor) -> Tensor:
    return x.view(*x.shape[:-1], HEADS, -1).transpose(1, 2)


def _attend(attention: Any, x: Tensor, y: Tensor, *, causal: bool) -> Tensor:
    q, k, v = _heads(attention.q_proj(x)), _heads(attention.k_proj(y)), _heads(attention.v_proj(y))
    mixed = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return attention.out_proj(mixed.transpose(1, 2).flatten(2))  # type: ignore[no-any-return]


def _weights(attention: Any, x: Tensor, y: Tensor) -> Tensor:
    heads = list(ALIGNING)
    q, k = _heads(attention.q_proj(x))[:, heads], _heads(attention.k_proj(y))[:, heads]
    scores: Tensor = q @ k.transpose(2, 3) * q.shape[-1] ** -0.5
    return scores.softmax(-1)
