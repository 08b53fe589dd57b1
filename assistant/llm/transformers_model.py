"""Loading a chat model with transformers: where it runs, how its numbers are kept, and what is wrong with its files."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import inspect
import logging
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import psutil

from assistant.errors import MissingDependency
from assistant.llm.toolcalls import MARKERS
from assistant.llm.transformers_files import no_model, size

log = logging.getLogger(__name__)

_TURN_ENDS = ("<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<end_of_turn>", "<turn|>", "<|end|>", "<|endoftext|>", "</s>")
_ATTENTION = {"full_attention", "sliding_attention"}


@dataclass(frozen=True, slots=True)
class Placement:
    """Where and how a model is to run; as in :class:`assistant.llm.transformers.Options`."""

    device: Literal["auto", "cpu", "cuda"] = "auto"
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    quantise: Literal["auto", "none", "4bit", "8bit"] = "auto"


class Model:
    """A model in memory.

    Attributes:
        network: the causal language model, a ``torch.nn.Module``.
        device: ``cpu`` or ``cuda``.
        longest: tokens that prompt and reply may take together.
        croppable: whether tokens at the end of its cache can be taken back.
    """

    def __init__(self, network: Any, device: str) -> None:
        self.network = network
        self.device = device
        config = network.config.get_text_config(decoder=True)
        self.longest = int(getattr(config, "max_position_embeddings", 0) or 1 << 20)
        kinds = getattr(config, "layer_types", None)
        self.croppable = kinds is None or set(kinds) <= _ATTENTION
        self._keeps = "logits_to_keep" in inspect.signature(network.forward).parameters

    def new_cache(self) -> Any:
        """An empty cache of keys and values.

        Without the configuration every layer keeps everything, those with a sliding window, too: their masks hide what
        is too old, and any part of the end can be taken back.
        """
        from transformers import DynamicCache

        return DynamicCache() if self.croppable else DynamicCache(config=self.network.config)

    def forward(self, ids: list[int], cache: Any) -> Any:
        """Logits of the token after the last, shape (1, vocabulary); the cache grows by the tokens."""
        import torch

        with torch.inference_mode():
            tokens = torch.tensor([ids], device=self.network.device)
            extra = {"logits_to_keep": 1} if self._keeps else {}
            return self.network(input_ids=tokens, past_key_values=cache, use_cache=True, **extra).logits[:, -1]


def load_tokenizer(folder: Path) -> Any:
    """The model's tokenizer.

    Raises:
        EngineError: ``no_model``: it cannot be read, or has no chat template.
    """
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    except Exception as error:  # tokenizers raises a bare Exception for a damaged file
        raise no_model(folder, f"its tokenizer cannot be read ({one_line(error)})") from error
    if not tokenizer.chat_template:
        raise no_model(folder, "its tokenizer has no chat template, so it was not made for conversations")
    return tokenizer


def load_model(folder: Path, placement: Placement) -> Model:
    """Load the weights.

    Raises:
        MissingDependency: it is to be quantised and the library for that is not installed.
        EngineError: ``no_model``: its files are damaged or of another kind.
        torch.OutOfMemoryError: they do not fit on the GPU.
    """
    import torch
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging as chatter

    device = _device(placement.device)
    options = _dtype(placement, device, folder) | _quantisation(placement, device, folder)
    if not sys.stderr.isatty():
        chatter.disable_progress_bar()
    log.info("transformers: loading %s (%d MB) on %s …", folder.name, size(folder) // 1_000_000, device)
    began = time.monotonic()
    try:
        network = AutoModelForCausalLM.from_pretrained(str(folder), local_files_only=True, **options)
        if "quantization_config" not in options:
            network = network.to(device)
    except torch.OutOfMemoryError:
        raise
    except Exception as error:  # OSError, ValueError, RuntimeError, and SafetensorError, which is a bare Exception
        raise no_model(folder, one_line(error)) from error
    log.info("transformers: loaded after %.1f s", time.monotonic() - began)
    return Model(network.eval(), device)


def ends(tokenizer: Any, model: Model) -> frozenset[int]:
    """The tokens that end a turn: those that the model names, and the usual ones that it has."""
    named = getattr(model.network.generation_config, "eos_token_id", None)
    found = {tokenizer.eos_token_id, *(named if isinstance(named, list) else [named])}
    vocabulary = tokenizer.get_vocab()
    return frozenset(each for each in found | {vocabulary.get(text) for text in _TURN_ENDS} if each is not None)


def unspoken(tokenizer: Any) -> frozenset[int]:
    """The special tokens that are no part of a reply's text; those that begin a tool call are."""
    special = zip(tokenizer.all_special_ids, tokenizer.all_special_tokens, strict=False)
    return frozenset(each for each, text in special if text not in MARKERS and not text.startswith(("[ARGS", "[CALL")))


def give_memory_back() -> None:
    """To the system, of what was let go of."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    with contextlib.suppress(OSError, AttributeError):  # glibc keeps freed memory otherwise
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def one_line(error: Exception) -> str:
    """An exception's text, short."""
    return " ".join(str(error).split())[:200] or type(error).__name__


def _device(wanted: str) -> str:
    import torch

    return ("cuda" if torch.cuda.is_available() else "cpu") if wanted == "auto" else wanted


def _dtype(placement: Placement, device: str, folder: Path) -> dict[str, Any]:
    """On a GPU the model's own; on a CPU float32, which is quick everywhere, unless that would fill the memory."""
    import torch

    if placement.dtype != "auto":
        return {"dtype": getattr(torch, placement.dtype)}
    if device != "cpu":
        return {"dtype": "auto"}
    roomy = 2 * size(folder) < 0.6 * psutil.virtual_memory().available
    return {"dtype": torch.float32 if roomy else torch.bfloat16}


def _quantisation(placement: Placement, device: str, folder: Path) -> dict[str, Any]:
    """With bitsandbytes; ``auto`` takes 4 bits where the weights would not fit on the GPU otherwise."""
    import torch

    wanted = placement.quantise
    if wanted == "auto":
        tight = device == "cuda" and 1.2 * size(folder) > torch.cuda.mem_get_info()[0]
        wanted = "4bit" if tight and find_spec("bitsandbytes") is not None else "none"
    if wanted == "none":
        return {}
    if find_spec("bitsandbytes") is None:
        raise MissingDependency("bitsandbytes (for llm.transformers.quantise)", "pip install bitsandbytes")
    from transformers import BitsAndBytesConfig

    bits = {"load_in_4bit": True, "bnb_4bit_quant_type": "nf4", "bnb_4bit_compute_dtype": torch.bfloat16}
    config = BitsAndBytesConfig(**(bits if wanted == "4bit" else {"load_in_8bit": True}))
    return {"quantization_config": config, "device_map": device}
