"""From a checkpoint to a voice that speaks, with Coqui's own classes."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import vits, words, xtts

_log = logging.getLogger(__name__)

Piece = tuple[NDArray[np.int16], list[tuple[int, int, int]]]

LONGEST_PIECE = 200
"""Most characters at once, unless the model says less."""

_COQUI_PAUSE = 10_000  # samples of silence that ``Synthesizer.tts`` puts after a sentence


class LoadFailed(Exception):
    """Why a voice could not be loaded.

    Attributes:
        code: ``missing``, ``no_cuda``, ``espeak``, ``reference`` or ``bad_model``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Voice:
    """A loaded voice.

    Attributes:
        rate: Hz.
        speakers, languages: names; empty where the model has one of them.
        device: ``cpu`` or ``cuda``.
    """

    def __init__(self, synthesizer: Any, device: str, half: bool, reference: Path | None, latents: Path) -> None:
        self._synthesizer = synthesizer
        self._model = synthesizer.tts_model
        self._half = half and device == "cuda"
        self._voice: dict[str, Any] = {}
        self.is_xtts = self._model.config.model == "xtts"
        if not self.is_xtts:  # phonemes are asked for twice, and each time a program is started
            self._model.tokenizer.text_to_ids = lru_cache(8)(self._model.tokenizer.text_to_ids)
        self.device = device
        self.rate = int(synthesizer.output_sample_rate)
        self.speakers = self._speakers()
        self.languages = self._languages()
        if reference is not None:
            self._imitate(reference, latents)

    def longest(self, language: str | None) -> int:
        """Most characters that may be given at once."""
        limits = getattr(self._model.tokenizer, "char_limits", {})
        return min(LONGEST_PIECE, int(limits.get((language or "en").partition("-")[0], LONGEST_PIECE)))

    def warm_up(self) -> None:
        """Begin a sentence: the first one is several times slower, and better now than in a reply."""
        first = next(iter(self.speakers), None), next(iter(self.languages), None)
        try:
            for _ in self.speak("One, two.", *first, 1.0):
                break
        except Exception:  # it may not know these letters; what is really wrong shows in the first sentence
            _log.info("warming up", exc_info=True)

    def speak(self, text: str, speaker: str | None, language: str | None, rate: float) -> Iterator[Piece]:
        """Synthesise one sentence; int16 samples, and the words (start, end, sample) that begin in them."""
        for samples, marks in self._pieces(text, speaker, language, rate):
            yield (np.clip(samples, -1.0, 1.0) * 32767.0).astype(np.int16), marks

    def _pieces(self, text: str, speaker: str | None, language: str | None, rate: float) -> Iterator[vits.Piece]:
        if self.is_xtts:
            yield from xtts.speak(self._model, text, self._latents(speaker), language or "en", rate, half=self._half)
        elif not self._sayable(text, language):
            return
        elif type(self._model).__name__ == "Vits":
            yield from vits.speak(self._model, text, speaker, language, rate, half=self._half, **self._voice)
        else:
            yield from self._whole(text, speaker, language, rate)

    def _whole(self, text: str, speaker: str | None, language: str | None, rate: float) -> Iterator[vits.Piece]:
        """Models of other kinds: a sentence at once, words spread over it by their lengths."""
        usual = getattr(self._model, "length_scale", None)
        if usual is not None:
            self._model.length_scale = usual / rate
        try:
            made = self._synthesizer.tts(
                text, speaker_name=speaker, language_name=language, split_sentences=False, **self._voice
            )
        finally:
            if usual is not None:
                self._model.length_scale = usual
        samples = np.asarray(made, np.float32)[:-_COQUI_PAUSE]
        found = words.spans(text)
        firsts = words.spread(found, len(samples))
        yield samples, [(*span, first) for span, first in zip(found, firsts, strict=True)]

    def _sayable(self, text: str, language: str | None) -> bool:
        """Whether the model knows a symbol of the text at all; convolutions fail on nothing."""
        tokenizer = self._model.tokenizer
        symbols = tokenizer.text_to_ids(text, language=language or next(iter(self._names("language_manager")), None))
        kinds = {tokenizer.characters.id_to_char(number) for number in symbols}
        return any(len(symbol) == 1 and symbol.isalnum() for symbol in kinds)

    def _names(self, manager: str) -> list[str]:
        found = getattr(self._model, manager, None)
        return [str(name) for name in found.name_to_id] if found is not None else []

    def _speakers(self) -> list[str]:
        manager = getattr(self._model, "speaker_manager", None)
        names = self._names("speaker_manager")
        if not names and manager is not None:  # models that know their speakers by vectors
            names = [str(name) for name in getattr(manager, "embedding_names", ())]
        return names if len(names) > 1 or self.is_xtts else []

    def _languages(self) -> list[str]:
        names = list(self._model.config.languages) if self.is_xtts else self._names("language_manager")
        return names if len(names) > 1 else []

    def _latents(self, speaker: str | None) -> dict[str, Any]:
        if self._voice:
            return self._voice
        named = self._model.speaker_manager.speakers[speaker]
        return dict(zip(("gpt_conditioning_latents", "speaker_embedding"), named.values(), strict=True))

    def _imitate(self, reference: Path, folder: Path) -> None:
        try:
            if self.is_xtts:
                self._voice = xtts.latents_of(self._model, reference, folder)
            elif getattr(getattr(self._model, "speaker_manager", None), "encoder", None) is None:
                raise LoadFailed("reference", "this model cannot imitate a voice")
            else:
                self._voice = {"speaker_wav": str(reference)}
                self.speakers = []
        except (OSError, RuntimeError, ValueError) as error:
            raise LoadFailed("reference", one_line(error)) from error


def load(order: dict[str, Any], progress: Callable[[str], None]) -> Voice:
    """Load a voice.

    Args:
        order: ``config`` and ``checkpoint`` (files; a folder for XTTS), ``vocoder`` (folder or None), ``device``
            (auto, cpu, cuda), ``half``, ``reference`` (file or None), ``latents`` (folder), ``threads`` (of the CPU, or
            None).
        progress: is told what goes on.

    Raises:
        LoadFailed: why it cannot be used.
    """
    began = time.monotonic()
    try:
        progress(f"importing coqui-tts {version('coqui-tts')}")
        import torch
        from TTS.utils.synthesizer import Synthesizer
    except (ImportError, PackageNotFoundError, OSError) as error:  # OSError: libraries of a torch for another machine
        raise LoadFailed("missing", one_line(error)) from error
    device = _device(str(order["device"]), torch.cuda.is_available())
    if order.get("threads"):
        torch.set_num_threads(int(order["threads"]))
    progress(f"imported in {time.monotonic() - began:.1f} s; reading the model for {device}")
    try:
        synthesizer = _with_files(order, Synthesizer, device == "cuda")
    except torch.cuda.OutOfMemoryError as error:
        if order["device"] != "auto":
            raise LoadFailed("no_cuda", one_line(error)) from error
        progress("the GPU's memory is full; using the CPU")
        device = "cpu"
        synthesizer = _with_files(order, Synthesizer, False)
    reference = Path(order["reference"]) if order.get("reference") else None
    voice = Voice(synthesizer, device, bool(order["half"]), reference, Path(order["latents"]))
    progress("warming up")
    voice.warm_up()
    return voice


def _with_files(order: dict[str, Any], synthesizer: Any, cuda: bool) -> Any:
    import torch

    vocoder = Path(order["vocoder"]) if order.get("vocoder") else None
    try:
        with tempfile.TemporaryDirectory() as folder:
            return synthesizer(
                tts_checkpoint=order["checkpoint"],
                tts_config_path=_with_paths_of_here(Path(order["config"]), Path(folder)),
                vocoder_checkpoint=next(iter(sorted(vocoder.glob("*.pth"))), None) if vocoder else None,
                vocoder_config=vocoder / "config.json" if vocoder else None,
                use_cuda=cuda,
            )
    except torch.cuda.OutOfMemoryError:
        raise
    except Exception as error:  # Coqui raises whatever its parts raise
        code = "espeak" if "espeak" in str(error) else "bad_model"
        raise LoadFailed(code, one_line(error)) from error


def _with_paths_of_here(config: Path, folder: Path) -> Path:
    """A copy of a configuration that names the files beside the original, where it named those of its training."""
    from TTS.utils.manage import ModelManager

    copy = folder / config.name
    copy.write_bytes(config.read_bytes())
    ModelManager._update_paths(None, config.parent, copy)  # what Coqui does to a model that it has fetched
    return copy


def _device(wanted: str, cuda: bool) -> str:
    if wanted == "cuda" and not cuda:
        raise LoadFailed("no_cuda", "torch finds no NVIDIA GPU here, or is a build without CUDA")
    return "cuda" if cuda and wanted != "cpu" else "cpu"


def one_line(error: BaseException) -> str:
    """An exception as one short line: its kind and the first line of its text."""
    lines = str(error).strip().splitlines()
    text = lines[0].strip() if lines else ""
    return f"{type(error).__name__}: {text}"[:300] if text else type(error).__name__
