"""Which voice speaks, and in which language: configuration → engines that are really there."""

import logging

import numpy as np
import pytest
import yaml

from assistant import paths, registry, voicing
from assistant.config import load
from assistant.errors import ConfigError, EngineError, MissingDependency, MissingModel
from assistant.registry import Spec
from assistant.tts.chain import Chain
from assistant.tts.levelled import Levelled
from assistant.tts.loudness import measure
from assistant.voicing import choose_tts, engine_order, further_voices, in_language

TEXT = "It is ten past nine, and the timer has a minute left."


@pytest.fixture
def configured(tmp_path):
    def make(**tts):
        file = tmp_path / "config.yaml"
        top = {key: tts.pop(key) for key in ("language", "languages") if key in tts}
        file.write_text(yaml.safe_dump({**top, "tts": tts}))
        return load(file, env={}, user=False)

    return make


@pytest.fixture(autouse=True)
def both_engines_are_known(monkeypatch):
    """As they are where their libraries are not installed."""
    absent = [Spec("tts", name, "nowhere", (f"no_{name}",), f"pip install {name}") for name in ("piper", "coqui")]
    known = tuple(spec for spec in registry._BUILT_IN if spec.name not in ("piper", "coqui"))
    monkeypatch.setattr(registry, "_BUILT_IN", (*known, *absent))


def raising(error):
    def engine(_options):
        raise error

    return engine


@pytest.fixture
def piper(monkeypatch):
    """Makes the engine "piper" one that is there and behaves as told; the voice itself is espeak-ng's."""
    from assistant.tts import espeak

    class Module:
        Options = espeak.Options
        Engine = espeak.Engine

    real = voicing.registry.load

    def pretend(engine=espeak.Engine):
        Module.Engine = staticmethod(engine) if not isinstance(engine, type) else engine
        monkeypatch.setattr(
            voicing.registry, "load", lambda kind, name: Module if name == "piper" else real(kind, name)
        )

    return pretend


@pytest.mark.parametrize(
    ("engine", "fallback", "order"),
    [
        ("auto", None, ["piper", "coqui", "espeak"]),
        ("auto", ["coqui"], ["coqui", "espeak"]),
        ("auto", [], ["espeak"]),
        ("espeak", None, ["espeak"]),
        ("espeak", ["piper"], ["espeak", "piper"]),
        ("coqui", None, ["coqui", "piper", "espeak"]),
        ("piper", ["espeak", "coqui"], ["piper", "coqui", "espeak"]),
        ("piper", [], ["piper", "espeak"]),
    ],
)
def test_the_order_of_the_engines(configured, engine, fallback, order):
    assert engine_order(configured(engine=engine, fallback=fallback).config.tts) == order


def test_a_fallback_that_does_not_exist_is_an_error(configured):
    with pytest.raises(ConfigError, match="there is no engine 'pipper'"):
        choose_tts(configured(fallback=["pipper"]))


def test_auto_takes_what_is_there(configured, piper):
    piper()
    name, voice = choose_tts(configured())
    assert name == "piper"
    assert isinstance(voice, Chain)
    piper(raising(MissingModel("en_US-lessac-medium", "assistant models pull …")))
    name, voice = choose_tts(configured())
    assert name == "espeak"
    assert isinstance(voice, Levelled), "nobody stands behind espeak-ng"


def test_a_configured_engine_that_is_missing_is_an_error_with_its_command(configured, piper):
    piper(raising(MissingDependency("piper (for tts.engine: piper)", "pip install 'piper-tts'")))
    with pytest.raises(MissingDependency, match="pip install"):
        choose_tts(configured(engine="piper"))


def test_a_voice_file_that_cannot_be_read_is_a_warning_and_the_next_engine_speaks(configured, piper, caplog):
    piper(raising(EngineError("tts", "piper", "voice", "de.onnx is damaged")))
    with caplog.at_level(logging.WARNING):
        name, voice = choose_tts(configured(engine="piper"))
    assert name == "espeak"
    assert list(voice.speak("Hello."))
    assert "de.onnx is damaged" in caplog.text


@pytest.mark.parametrize("engine", ["auto", "piper"])
def test_a_damaged_file_that_was_asked_for_by_its_path_does_not_silence_it(configured, piper, caplog, engine):
    """The path is of no use to the others."""
    piper(raising(EngineError("tts", "piper", "voice", "/voices/de.onnx is damaged")))
    name, voice = choose_tts(configured(engine=engine, voice="/voices/de.onnx", speaker="high"))
    assert name == "espeak"
    assert list(voice.speak("Hello."))
    assert "/voices/de.onnx is damaged" in caplog.text


def test_what_is_wrong_with_a_file_is_said_by_the_first_that_looked(configured, piper):
    piper(raising(ConfigError("tts.voice: The Piper voice /voices/de.onnx lacks its settings")))
    with pytest.raises(ConfigError, match="lacks its settings"):
        choose_tts(configured(voice="/voices/de.onnx"))


def test_the_voice_that_was_asked_for_is_named_when_only_its_model_is_missing(configured, piper):
    piper(raising(MissingModel("en_US-lessac-medium", "assistant models pull en_US-lessac-medium")))
    with pytest.raises(MissingModel, match="pull en_US-lessac-medium"):
        choose_tts(configured(voice="en_US-lessac-medium"))
    assert choose_tts(configured(voice="en-gb-scotland"))[0] == "espeak"


def test_a_mistake_in_an_engines_own_settings_is_said(configured, piper):
    piper()
    with pytest.raises(ConfigError, match=r"tts\.piper\.pitch"):
        choose_tts(configured(piper={"pitch": 300}))


def test_the_voice_behind_the_first_gets_no_name_that_is_not_its_own(configured, piper):
    def dies(options):
        assert options.voice == "de_DE-thorsten"

        class Engine:
            rate = 22_050

            def speak(self, text):
                raise EngineError("tts", "piper", "crashed", f"cannot say {text!r}")
                yield

        return Engine()

    piper(dies)
    told = []
    loaded = configured(engine="piper", voice="de_DE-thorsten", language="de", loudness=None)
    name, voice = choose_tts(loaded)
    voice.tell = told.append
    assert name == "piper"
    assert list(voice.speak("Guten Tag."))
    assert [(each.old, each.new) for each in told] == [("piper", "espeak")]


def test_each_language_has_the_voice_that_is_configured_for_it(configured):
    loaded = configured(
        language="en",
        languages=["en", "de", "fr"],
        voice="en-gb-scotland",
        rate=1.2,
        loudness=-18.0,
        voices={"de": {"engine": "espeak", "voice": "de+f3"}},
    )
    german, french = in_language(loaded, "de").config, in_language(loaded, "fr").config
    assert (german.tts.engine, german.tts.voice, german.tts.rate, german.tts.loudness) == ("espeak", "de+f3", 1.2, -18)
    assert (french.tts.engine, french.tts.voice, french.language) == ("auto", None, "fr")
    assert in_language(loaded, "en").config.tts.voice == "en-gb-scotland"
    assert list(further_voices(loaded)) == ["de", "fr"]


def test_the_main_language_may_have_its_voice_there_too(configured):
    loaded = configured(language="en-GB", voices={"en": {"engine": "espeak", "voice": "en-gb-scotland"}})
    assert in_language(loaded, "en").config.tts.voice == "en-gb-scotland"
    assert in_language(loaded, "en").config.language == "en-GB"
    assert choose_tts(loaded)[0] == "espeak"


def test_an_engine_without_a_voice_for_a_further_language_is_passed_over(configured, piper):
    def english_only(options):
        from assistant.tts.espeak import Engine

        if options.language != "en":
            raise MissingModel(f"a voice for {options.language}", "assistant voices --language …")
        return Engine(options)

    piper(english_only)
    loaded = configured(engine="piper", languages=["en", "de"])
    assert choose_tts(loaded)[0] == "piper"
    assert choose_tts(in_language(loaded, "de"))[0] == "espeak"


def test_voices_are_equally_loud_and_their_levels_are_kept(configured):
    quiet = choose_tts(configured(engine="espeak", espeak={"volume": 30}, loudness=-22.0))[1]
    usual = choose_tts(configured(engine="espeak", loudness=-22.0))[1]
    for voice in (quiet, usual):
        said = np.concatenate([chunk.samples for chunk in voice.speak(TEXT)])
        assert measure(said, voice.rate).lufs == pytest.approx(-22.0, abs=2.0)
    assert quiet.gain > 2 * usual.gain
    assert (paths.cache_dir() / "speech" / "levels.json").exists()
    assert choose_tts(configured(engine="espeak", loudness=None))[1].gain == 1.0


def test_a_voice_that_takes_its_time_is_kept_on_disk(configured, piper):
    from assistant.tts.espeak import Engine

    class Unhurried(Engine):
        instant = False

    piper(Unhurried)
    list(choose_tts(configured())[1].speak(TEXT))
    folder = paths.cache_dir() / "speech"
    assert len(list(folder.glob("*.npz"))) == 2, "the calibration's sentence and this one"
    list(choose_tts(configured(cache={"megabytes": 0}, rate=1.5))[1].speak("Another one."))
    assert len(list(folder.glob("*.npz"))) == 2


def test_all_languages_have_the_words_for_it():
    from assistant.intent.lang.conversation import said

    for key in ("voice_sample", "voice_failed", "voice_slow"):
        texts = [said(key, code) for code in ("en", "de", "fr", "es", "ru", "bg")]
        assert len(set(texts)) == 6


def test_what_auto_stands_for_is_known_without_loading_it(configured, monkeypatch):
    assert voicing.expected_engine(configured()) == "espeak"
    assert voicing.expected_engine(configured(engine="espeak")) == "espeak"

    class Module:
        @staticmethod
        def find_voice(_voice=None, language=None):
            if language not in (None, "en"):
                raise MissingModel(f"a voice for {language}", "assistant voices")

    spec = Spec("tts", "piper", "a_module", (), "pip install piper-tts", finder="find_voice")
    monkeypatch.setattr(registry, "_BUILT_IN", (*(s for s in registry._BUILT_IN if s.name != "piper"), spec))
    for where in (registry, voicing):
        monkeypatch.setattr(where, "import_module", lambda _name: Module)
    assert voicing.expected_engine(configured()) == "piper"
    assert voicing.expected_engine(configured(language="de")) == "espeak"


def test_the_doctor_says_when_another_voice_had_to_speak(configured, piper):
    from assistant.commands.doctor import _try_voice

    class Dumb:
        rate = 22_050

        def __init__(self, _options):
            pass

        def speak(self, text):
            raise EngineError("tts", "piper", "crashed", f"cannot say {text!r}")
            yield

    piper(Dumb)
    with pytest.raises(EngineError, match=r"cannot say 'One\.'; until it works, espeak speaks"):
        _try_voice(choose_tts(configured(loudness=None))[1])


@pytest.mark.parametrize(("typed", "kept"), [(None, True), ("It is nine. " * 100, False)])
def test_say_keeps_what_is_short_and_no_books(piper, monkeypatch, tmp_path, typed, kept):
    from assistant import cli
    from assistant.tts.espeak import Engine

    class Unhurried(Engine):
        instant = False

    piper(Unhurried)
    words = [typed or "It is nine.", "--engine", "piper", "--out", str(tmp_path / "said.wav")]
    monkeypatch.setattr("sys.argv", ["assistant", "say", *words])
    assert cli.run_command() == 0
    assert (tmp_path / "said.wav").stat().st_size > 20_000
    assert bool(list((paths.cache_dir() / "speech").glob("*.npz"))) is kept
