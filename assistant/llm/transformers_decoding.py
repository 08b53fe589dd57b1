"""The parts of a decoding loop: what was read already, which token comes next, and the text of tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.llm.transformers_model import Model


@dataclass(slots=True)
class Prefix:
    """Tokens that a model has read, and the keys and values that it made of them.

    Attributes:
        model: the one; a cache is of no use to another, or to the same after it was loaded again.
        ids: in order.
        cache: a ``transformers.Cache`` of exactly those tokens.
    """

    model: Model
    cache: Any
    ids: list[int] = field(default_factory=list)

    def keep(self, prompt: Sequence[int]) -> bool:
        """Take back what does not stand at the prompt's beginning, or its whole; False if that cannot be done."""
        common = 0
        for mine, wanted in zip(self.ids, prompt[:-1], strict=False):
            if mine != wanted:
                break
            common += 1
        if common < len(self.ids):
            if not self.model.croppable:
                return False
            self.cache.crop(common - len(self.ids))
            del self.ids[common:]
        return True

    def read(self, ids: list[int]) -> Any:
        """Read more tokens; returns the logits after the last, shape (1, vocabulary)."""
        try:
            logits = self.model.forward(ids, self.cache)
        except BaseException:
            self.cache, self.ids = self.model.new_cache(), []  # half of its layers may have grown
            raise
        self.ids += ids
        return logits


class Sampler:
    """Chooses the next token as the model's own generation settings say, or more or less boldly.

    Args:
        settings: a ``transformers.GenerationConfig``.
        temperature: instead of the settings' own; 0 for always the likeliest.
    """

    def __init__(self, settings: Any, temperature: float | None) -> None:
        self._greedy = temperature == 0 if temperature is not None else not settings.do_sample
        self._steps = _steps(settings, temperature, self._greedy)

    def choose(self, ids: Sequence[int], logits: Any) -> int:
        """The next token after ``ids``, from logits of shape (1, vocabulary)."""
        import torch

        with torch.inference_mode():
            so_far = torch.tensor([ids], device=logits.device)
            scores = logits.float()
            for step in self._steps:
                scores = step(so_far, scores)
            if self._greedy:
                return int(scores.argmax())
            return int(torch.multinomial(scores.softmax(-1), 1))


def _steps(settings: Any, temperature: float | None, greedy: bool) -> list[Callable[[Any, Any], Any]]:
    import transformers as library

    steps: list[Callable[[Any, Any], Any]] = []
    if settings.repetition_penalty not in (None, 1.0):
        steps.append(library.RepetitionPenaltyLogitsProcessor(settings.repetition_penalty))
    if greedy:
        return steps
    heat = temperature if temperature is not None else settings.temperature
    if heat not in (None, 1.0):
        steps.append(library.TemperatureLogitsWarper(heat))
    if settings.top_k:
        steps.append(library.TopKLogitsWarper(settings.top_k))
    if settings.top_p not in (None, 1.0):
        steps.append(library.TopPLogitsWarper(settings.top_p))
    if settings.min_p:
        steps.append(library.MinPLogitsWarper(settings.min_p))
    return steps


class Detokeniser:
    """Token ids to text as they come, never half a character.

    A token's text depends on those before it, so each is decoded together with the last complete piece, as Text
    Generation Inference does it.

    Args:
        tokenizer: of transformers.
        unspoken: ids that are no text.
    """

    def __init__(self, tokenizer: Any, unspoken: frozenset[int]) -> None:
        self._tokenizer = tokenizer
        self._unspoken = unspoken
        self._ids: list[int] = []
        self._before = 0  # the last complete piece begins here …
        self._read = 0  # … and ends here

    def feed(self, token: int) -> str:
        """The text that is complete with this token; empty inside a character."""
        if token in self._unspoken:
            return ""
        self._ids.append(token)
        known, text = self._texts()
        if len(text) <= len(known) or text.endswith("�"):
            return ""
        self._before, self._read = self._read, len(self._ids)
        return text[len(known) :]

    def finish(self) -> str:
        """What is left, without a character that was never completed."""
        known, text = self._texts()
        self._before = self._read = len(self._ids)
        return text[len(known) :].rstrip("�")

    def _texts(self) -> tuple[str, str]:
        decode = self._tokenizer.decode
        options = {"skip_special_tokens": False, "clean_up_tokenization_spaces": False}
        return decode(self._ids[self._before : self._read], **options), decode(self._ids[self._before :], **options)
