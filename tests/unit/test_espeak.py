"""The real espeak-ng: sound, word marks, streaming, threads, strange input."""

import ctypes
import gc
import resource
import threading
import time

import numpy as np
import pytest
from pydantic import ValidationError

from assistant.errors import ConfigError, EngineError, MissingDependency
from assistant.tts import espeak, espeak_library
from assistant.tts.espeak import Engine, Options

AUDIBLE = 33


@pytest.fixture(scope="module")
def engine() -> Engine:
    try:
        return Engine()
    except MissingDependency as error:
        pytest.skip(str(error))


def say(engine, text):
    chunks = list(engine.speak(text))
    samples = np.concatenate([chunk.samples for chunk in chunks]) if chunks else np.zeros(0, np.int16)
    marks = [mark for chunk in chunks for mark in chunk.marks]
    return samples, marks, chunks


def words(text, marks):
    return [text[mark.start : mark.end] for mark in marks]


def loudness(samples):
    return float(np.sqrt(np.mean(samples.astype(float) ** 2)))


def settled_threads():
    return [thread for thread in threading.enumerate() if thread.name == "espeak" and thread.is_alive()]


def test_speaks_a_sentence_as_contiguous_int16_chunks(engine):
    samples, _, chunks = say(engine, "Hello, it is five o'clock.")
    assert engine.rate == 22_050
    assert 1.0 < len(samples) / engine.rate < 3.0
    assert loudness(samples) > 1000
    assert all(chunk.samples.dtype == np.int16 and chunk.rate == engine.rate for chunk in chunks)
    position = 0
    for chunk in chunks:
        assert chunk.start == position
        position = chunk.end


@pytest.mark.parametrize("text", ["Peter sees it.", "Hello.", "Stop it now!", "Three minutes."])
def test_first_sample_is_audible_and_the_pause_is_measured(engine, text):
    samples, _, _ = say(engine, text)
    audible = np.flatnonzero(np.abs(samples.astype(int)) >= AUDIBLE)
    assert audible[0] == 0
    assert len(samples) - 1 - audible[-1] == engine.rate * 200 // 1000


@pytest.mark.parametrize(("text", "pause_ms"), [("One, two,", 100), ("One two", 50), ('He said "yes."', 200)])
def test_pause_follows_the_punctuation(engine, text, pause_ms):
    samples, _, _ = say(engine, text)
    last = np.flatnonzero(np.abs(samples.astype(int)) >= AUDIBLE)[-1]
    assert len(samples) - 1 - last == engine.rate * pause_ms // 1000


def test_speech_ends_without_a_click(engine):
    for text in ("Stop", "Mama", "Go"):
        samples, _, _ = say(engine, text)
        assert abs(int(samples[-1])) == 0
        assert np.abs(np.diff(samples[-engine.rate // 20 :].astype(int))).max() < 2500


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, it is five o'clock.", ["Hello", "it", "is", "five", "o'clock"]),
        (
            "Im Café naïve Zürich 😀 — 25 °C today",
            ["Im", "Café", "naïve", "Zürich", "😀", "25", "°C", "today"],
        ),
        ("\u201cQuoted\u201d words (here)!", ["Quoted", "words", "here"]),
        ("one\ttwo\nthree  four", ["one", "two", "three", "four"]),
        ("a\x00b \ud800 done", ["a", "b", "done"]),
        ("e\u0301te\u0301 Ελλάδα Привет end", ["e\u0301te\u0301", "Ελλάδα", "Привет", "end"]),
    ],
)
def test_marks_name_the_words(engine, text, expected):
    samples, marks, chunks = say(engine, text)
    assert words(text, marks) == expected
    positions = [mark.sample for mark in marks]
    assert positions == sorted(positions)
    assert positions[0] == 0
    assert positions[-1] < len(samples)
    for chunk in chunks:
        assert all(chunk.start <= mark.sample for mark in chunk.marks)


def test_a_group_spoken_as_one_has_one_mark(engine):
    text = "Two of the best."
    assert words(text, say(engine, text)[1]) == ["Two", "of", "best"]


def test_marks_point_at_the_sound(engine):
    text = "One. Two."
    samples, marks, _ = say(engine, text)
    second = marks[1].sample
    before = samples[second - engine.rate // 10 : second - engine.rate // 50]
    after = samples[second + engine.rate // 50 : second + engine.rate // 5]
    assert loudness(before) * 5 < loudness(after)


def test_marks_run_on_through_a_long_text(engine):
    sentence = "Zürich has many fine cafés. "
    text = sentence * 60
    samples, marks, _ = say(engine, text)
    assert words(text, marks) == text.replace(".", "").split()
    assert marks[-1].sample > 0.95 * (len(samples) - engine.rate)


@pytest.mark.parametrize("text", ["", " \n\t ", "\x00\x00", "\ud800"])
def test_nothing_to_say_gives_nothing(engine, text):
    assert list(engine.speak(text)) == []


@pytest.mark.parametrize("text", ["😀", "😀😀😀", "👩‍👩‍👧 🏳️‍🌈"])
def test_only_emoji_does_not_fail(engine, text):
    say(engine, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<speak>hello</speak> world", "world"),
        ("say <break time='9s'/> now", "break"),
        ("5 < 6 is true", "true"),
        ("<unclosed tag follows", "follows"),
        ("[[h@loU]] code", "code"),
    ],
)
def test_markup_is_text(engine, text, expected):
    samples, marks, _ = say(engine, text)
    assert any(expected in word for word in words(text, marks))
    assert len(samples) < 6 * engine.rate


def test_embedded_commands_are_not_obeyed(engine):
    plain, _, _ = say(engine, "x 450S these words are spoken at one speed")
    commanded, _, _ = say(engine, "x\x01450S these words are spoken at one speed")
    assert len(commanded) == pytest.approx(len(plain), rel=0.05)


def test_first_audio_comes_before_the_synthesis_is_done(engine, monkeypatch):
    """The library is still at work when the first chunk is in hand."""
    finished = threading.Event()
    synthesise = espeak_library.Library.synthesise

    def watched(self, text, settings, listener):
        held = threading.Event()

        def slow(block):
            if len(block.samples):
                held.wait(0.002)
            return listener(block)

        synthesise(self, text, settings, slow)
        finished.set()

    monkeypatch.setattr(espeak_library.Library, "synthesise", watched)
    speech = engine.speak("This sentence is long enough that the whole of it takes a while, and so it streams. " * 3)
    first = next(speech)
    assert not finished.is_set()
    assert first.start == 0
    assert sum(chunk.seconds for chunk in speech) > 5
    assert finished.is_set()


def test_closing_stops_the_synthesis_and_leaves_no_thread(engine):
    heard = []
    speech = engine.speak("Many words follow here and go on and on. " * 9)
    for _ in range(3):
        heard.append(next(speech))
    began = time.perf_counter()
    speech.close()
    assert time.perf_counter() - began < 0.5
    assert settled_threads() == []
    assert say(engine, "Still well.")[1]


def test_an_abandoned_iterator_blocks_nobody(engine):
    half = engine.speak("This one is left in the middle. " * 40)
    next(half)
    other, marks, _ = say(engine, "And that voice is heard meanwhile.")
    assert len(marks) == 6
    assert len(other) > engine.rate
    assert len(list(half)) > 10
    left = engine.speak("Left and never closed.")
    next(left)
    del left
    gc.collect()
    assert settled_threads() == []


def test_a_megabyte_streams_in_bounded_memory(engine):
    text = "A sentence of no great length, said again. " * 24_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    speech = engine.speak(text)
    seconds = 0.0
    for chunk in speech:
        seconds += chunk.seconds
        if seconds > 300:
            break
    speech.close()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kB


def test_a_megabyte_without_a_space(engine):
    speech = engine.speak("1" * 1_000_000)
    assert sum(next(speech).seconds for _ in range(200)) > 2
    speech.close()


@pytest.mark.usefixtures("engine")
def test_voices_do_not_mix():
    """Two voices at once, from many threads, each as long and as high as alone."""
    text = "The quick brown fox jumps over the lazy dog."
    slow, fast = Engine(Options(rate_wpm=100, voice="de")), Engine(Options(rate_wpm=300, voice="en-gb"))
    alone = [len(say(each, text)[0]) for each in (slow, fast)]
    results: list[list[int]] = [[], []]

    def work(index, each):
        results[index] += [len(say(each, text)[0]) for _ in range(8)]

    threads = [threading.Thread(target=work, args=(i, e)) for i, e in enumerate((slow, fast)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for index in (0, 1):
        assert len(results[index]) == 16
        assert results[index] == pytest.approx([alone[index]] * 16, rel=0.03)


@pytest.mark.usefixtures("engine")
def test_options_change_the_sound():
    text = "The weather is fine today."

    def length(**options):
        return len(say(Engine(Options(**options)), text)[0])

    assert length(rate_wpm=300) < 0.75 * length(rate_wpm=120)
    assert length(rate=1.5) < 0.85 * length() < 0.85 * length(rate=0.8)
    quiet, loud = (loudness(say(Engine(Options(volume=volume)), text)[0]) for volume in (20, 100))
    assert quiet < 0.4 * loud
    assert _pitch(say(Engine(Options(pitch=10)), "mmm")[0]) < _pitch(say(Engine(Options(pitch=90)), "mmm")[0])
    assert _pitch(say(Engine(Options(variant="f3")), "mmm")[0]) > 1.3 * _pitch(say(Engine(), "mmm")[0])


def _pitch(samples):
    """Hz of a sustained sound: the first strong peak of the unbiased autocorrelation."""
    middle = samples[len(samples) // 4 :][:2048].astype(float)
    correlation = np.correlate(middle, middle, "full")[2047:] / (2048 - np.arange(2048))
    lags = np.arange(22_050 // 330, 22_050 // 50)
    strong = correlation[lags] > 0.9 * correlation[lags].max()
    return 22_050 / lags[np.argmax(strong)]


def test_voices_lists_names_that_can_be_used(engine):
    voices = engine.voices()
    assert len(voices) > 50
    assert ("English (America)", "en-us") in voices
    for name, language in voices[::20]:
        assert say(Engine(Options(voice=name)), "one")[1]
        assert say(Engine(Options(voice=language)), "one")[1]


@pytest.mark.parametrize("voice", ["en-us+f3", "EN-US", "gmw/en-US", "English (America)", "en-us+klatt"])
@pytest.mark.usefixtures("engine")
def test_voice_names(voice):
    assert say(Engine(Options(voice=voice)), "one")[1]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pt", "it", "nl", "pl", "ru", "zh"])
@pytest.mark.usefixtures("engine")
def test_each_language_has_a_usual_voice(language):
    assert say(Engine(Options(language=language)), "1")[1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"voice": "en-uss"}, "tts.voice: espeak-ng has no 'en-uss'; did you mean 'en-us'?"),
        ({"voice": "en-us+f33"}, "tts.variant: espeak-ng has no 'f33'; did you mean 'f3'?"),
        ({"variant": "femle3"}, "tts.variant: espeak-ng has no 'femle3'; did you mean 'female3'?"),
        ({"language": "klingonese"}, "tts.language: espeak-ng has no 'klingonese'"),
        ({"voice": "../../etc/passwd"}, "tts.voice: espeak-ng has no"),
    ],
)
@pytest.mark.usefixtures("engine")
def test_unknown_voice_names_the_nearest(options, message):
    with pytest.raises(ConfigError) as caught:
        Engine(Options(**options))
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("options", [{"rate_wpm": 10}, {"pitch": 100}, {"volume": -1}, {"vioce": "en"}])
def test_options_out_of_range(options):
    with pytest.raises(ValidationError):
        Options(**options)


def test_missing_library_says_how_to_install(monkeypatch):
    def absent(_name):
        raise OSError("cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", absent)
    monkeypatch.setattr(espeak_library, "find_library", lambda _name: None)
    monkeypatch.setattr(espeak_library, "find_spec", lambda _name: None)
    monkeypatch.setattr(espeak_library, "_loaded", None)
    with pytest.raises(MissingDependency, match="sudo apt-get install libespeak-ng1"):
        Engine()


def test_a_failure_inside_the_library_is_one_engine_error(engine, monkeypatch):
    broken = Engine()
    monkeypatch.setattr(broken, "_settings", espeak_library.Settings("gone", 165, 50, 100))
    with pytest.raises(EngineError, match="cannot load the voice gone"):
        list(broken.speak("hello"))

    def fail(_self, _events):
        raise ValueError("bad event")

    with monkeypatch.context() as patch:
        patch.setattr(espeak_library.Library, "_words", fail)
        with pytest.raises(EngineError, match="bad event"):
            list(engine.speak("hello"))
    assert say(engine, "well again")[1]


def test_pieces_cut_at_sentences_then_words_and_cover_the_text():
    text = "A short sentence. " * 60 + "word " * 200 + "x" * 1000
    pieces = list(espeak._pieces(text))
    assert "".join(text[start:end] for start, end in pieces) == text
    assert max(end - start for start, end in pieces) <= espeak.PIECE
    assert all(text[:end].endswith((". ", "word ", "x")) for _, end in pieces)
