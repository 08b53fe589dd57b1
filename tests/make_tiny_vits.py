"""Make tiny voices in Coqui's own checkpoint and config format, with Coqui's own classes.

    python -m tests.make_tiny_vits [--out FOLDER] [NAME ...]

``vits`` (one speaker, espeak phonemes), ``vits-many`` (two speakers, two languages, letters) and ``xtts`` (streaming
and cloning). The weights are random but for what makes them fit for tests: a VITS gives every symbol about as many
frames, an XTTS speaks for as long as :data:`XTTS_TOKENS` says, and what sounds is hoarse noise as loud as speech.
It needs coqui-tts and what that takes (``scripts/heavy``) and a few seconds; the tests make their own in a folder that
is kept between runs.

HiFi-GAN and the speaker encoder of an XTTS have fixed sizes, so it takes 90 MB; each VITS takes 2.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
VERSION = "3"
"""Part of the kept folder's name: raise it when what is made changes."""

PHONEME_FRAMES = 3.0
_LOUDER = 40.0
XTTS_TOKENS = 28
"""Most audio tokens of an XTTS sentence, of 1024 samples at 22 050 Hz each: 1.2 s after the start and stop tokens."""


def main() -> None:
    """Make the voices named, or all."""
    parser = argparse.ArgumentParser(description="Make tiny Coqui voices from scratch.")
    parser.add_argument("--out", type=Path, default=Path("/tmp/tiny-coqui"))
    parser.add_argument("names", nargs="*", default=list(MAKERS))
    arguments = parser.parse_args()
    for name in arguments.names:
        print(make(name, arguments.out))


def make(name: str, out: Path) -> Path:
    """Make one voice in ``out/NAME`` unless it is there; returns the folder."""
    folder = out / f"{name}-{VERSION}"
    if not (folder / "config.json").is_file():
        import torch

        torch.manual_seed(11)
        folder.mkdir(parents=True, exist_ok=True)
        MAKERS[name](folder)
    return folder


def _vits(folder: Path) -> None:
    config = _vits_config(use_phonemes=True, phonemizer="espeak", phoneme_language="en-us", add_blank=True)
    _save_vits(config, folder)


def _vits_many(folder: Path) -> None:
    """Two speakers and two languages; the configuration names files of another machine, as trained voices' do."""
    import torch

    config = _vits_config(use_phonemes=False, add_blank=False)
    for part in (config, config.model_args):
        part.use_speaker_embedding = True
        part.use_language_embedding = True
        part.speakers_file = str(folder / "speakers.pth")
        part.language_ids_file = str(folder / "language_ids.json")
    config.model_args.speaker_embedding_channels = 8
    config.model_args.embedded_language_dim = 4
    torch.save({"anna": 0, "ben": 1}, folder / "speakers.pth")
    (folder / "language_ids.json").write_text(json.dumps({"de": 0, "en": 1}))
    _save_vits(config, folder)


def _vits_config(**options: Any) -> Any:
    from TTS.tts.configs.vits_config import VitsConfig
    from TTS.tts.models.vits import VitsArgs

    small = VitsArgs(
        hidden_channels=32,
        hidden_channels_ffn_text_encoder=48,
        num_layers_text_encoder=2,
        num_layers_posterior_encoder=2,
        num_layers_flow=2,
        upsample_initial_channel_decoder=32,
        use_sdp=False,
        inference_noise_scale=0.05,
        init_discriminator=False,
    )
    return VitsConfig(model_args=small, run_name="tiny", test_sentences=[], text_cleaner="phoneme_cleaners", **options)


def _save_vits(config: Any, folder: Path) -> None:
    import torch
    from TTS.tts.models.vits import Vits

    model = Vits(config)
    with torch.no_grad():
        predictor = model.duration_predictor.proj  # log of frames per symbol
        predictor.weight.mul_(0.2)
        predictor.bias.fill_(math.log(PHONEME_FRAMES))
        _make_loud(model.waveform_decoder)
        if hasattr(model, "emb_g"):
            model.emb_g.weight.mul_(8.0)  # so that speakers differ
    torch.save({"model": model.state_dict(), "config": config.to_dict()}, folder / "model_file.pth")
    config.save_json(str(folder / "config.json"))


def _make_loud(decoder: Any) -> None:
    """A random HiFi-GAN gives little more than a constant: take that away and raise the rest."""
    weight = decoder.conv_post.weight
    weight.sub_(weight.mean(dim=-1, keepdim=True))
    weight.mul_(_LOUDER)


def _xtts(folder: Path) -> None:
    import torch
    from TTS.tts.configs.xtts_config import XttsArgs, XttsConfig
    from TTS.tts.models.xtts import Xtts

    _xtts_vocabulary(folder / "vocab.json")
    arguments = XttsArgs(
        tokenizer_file=str(folder / "vocab.json"),
        gpt_max_audio_tokens=XTTS_TOKENS,
        gpt_layers=2,
        gpt_n_model_channels=64,
        gpt_n_heads=4,
        gpt_num_audio_tokens=66,
        gpt_start_audio_token=64,
        gpt_stop_audio_token=65,
        gpt_use_perceiver_resampler=True,
        decoder_input_dim=64,
    )
    config = XttsConfig(model_args=arguments, languages=["en", "de"], test_sentences=[])
    model = Xtts(config)
    from TTS.tts.layers.xtts.tokenizer import VoiceBpeTokenizer

    model.tokenizer = VoiceBpeTokenizer(vocab_file=folder / "vocab.json")
    model.init_models()
    with torch.no_grad():
        model.gpt.mel_head.bias[65] = -1e4  # it never ends by itself, so its length is the greatest there is
        _make_loud(model.hifigan_decoder.waveform_decoder)
    torch.save({"model": model.state_dict(), "config": config.to_dict()}, folder / "model.pth")
    latents = {
        "gpt_cond_latent": torch.randn(1, 32, 64),
        "speaker_embedding": torch.nn.functional.normalize(torch.randn(1, 512, 1), dim=1),
    }
    torch.save({"Ana Tiny": latents}, folder / "speakers_xtts.pth")
    config.save_json(str(folder / "config.json"))


def _xtts_vocabulary(file: Path) -> None:
    """A tokenizer of single letters with XTTS's special tokens."""
    from tokenizers import Tokenizer, models

    special = ["[STOP]", "[UNK]", "[SPACE]", "[en]", "[de]", "[START]"]
    vocabulary = {token: number for number, token in enumerate([*special, *"abcdefghijklmnopqrstuvwxyzäöüß',.?!-"])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[], unk_token="[UNK]"))
    tokenizer.add_special_tokens(special)
    tokenizer.save(str(file))


MAKERS = {"vits": _vits, "vits-many": _vits_many, "xtts": _xtts}

if __name__ == "__main__":
    main()
