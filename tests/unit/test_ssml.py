"""SSML: what is understood, what a voice makes of it, and what becomes of text that only looks like it."""

import asyncio

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.audio.chunk import RATE
from assistant.audio.mixer import Mixer
from assistant.bench.latency import on_loop
from assistant.runtime.worker import InlineWorker
from assistant.session.speaker import Speaker
from assistant.tts import ssml
from assistant.tts.base import NORMAL, Style
from assistant.tts.espeak import Engine
from assistant.tts.speakable import speakable
from assistant.tts.ssml import Piece, is_ssml, parse, plain, speak_piece

ENGINE = Engine()


def spoken(document, language="en"):
    """Everything that a voice says of a document, each piece's samples by itself."""
    out = []
    for piece in parse(document, language):
        text = speakable(piece.text if piece.said is None else piece.said, language)
        chunks = [chunk.samples for chunk in speak_piece(ENGINE, piece, text)]
        out.append(np.concatenate(chunks) if chunks else np.zeros(0, np.int16))
    return out


def words(document, language="en"):
    return [piece.said or piece.text for piece in parse(document, language) if (piece.said or piece.text).strip()]


@pytest.mark.parametrize(
    ("tag", "seconds"),
    [
        ('<break time="500ms"/>', 0.5),
        ('<break time="1.5s"/>', 1.5),
        ('<break time=" 2s "/>', 2.0),
        ('<break time="3600s"/>', 10.0),
        ('<break strength="strong"/>', 0.5),
        ('<break strength="none"/>', 0.0),
        ('<break strength="loud"/>', 0.25),
        ('<break time="soon"/>', 0.25),
        ("<break/>", 0.25),
        ('<break time="200ms"/><break time="300ms"/>', 0.5),
    ],
)
def test_a_break_is_silence(tag, seconds):
    first, second = parse(f"<speak>One.{tag}Two.</speak>")
    assert (first.text, first.pause, second.text) == ("One.", pytest.approx(seconds), "Two.")
    with_pause, without = spoken(f"<speak>One.{tag}</speak>")[0], spoken("<speak>One.</speak>")[0]
    assert (len(with_pause) - len(without)) / ENGINE.rate == pytest.approx(seconds, abs=0.02)
    if seconds:
        assert not with_pause[-round(seconds * ENGINE.rate) :].any()


@pytest.mark.parametrize(
    ("attributes", "style", "volume"),
    [
        ('rate="slow"', Style(rate=0.75), 1.0),
        ('rate="120%"', Style(rate=1.2), 1.0),
        ('rate="+20%"', Style(rate=1.2), 1.0),
        ('rate="-20%"', Style(rate=0.8), 1.0),
        ('rate="1.5"', Style(rate=1.5), 1.0),
        ('rate="900%"', Style(rate=3.0), 1.0),
        ('rate="-900%"', Style(rate=0.3), 1.0),
        ('rate="nonsense"', NORMAL, 1.0),
        ('pitch="high"', Style(pitch=1.15), 1.0),
        ('pitch="+12st"', Style(pitch=2.0), 1.0),
        ('pitch="-99st"', Style(pitch=0.5), 1.0),
        ('pitch="+10%"', Style(pitch=1.1), 1.0),
        ('pitch="120Hz"', NORMAL, 1.0),
        ('volume="soft"', NORMAL, 0.5),
        ('volume="+6dB"', NORMAL, 1.995),
        ('volume="-6dB"', NORMAL, 0.501),
        ('volume="+90dB"', NORMAL, 3.981),
        ('volume="50"', NORMAL, 0.5),
        ('volume="silent"', NORMAL, 0.0),
        ('rate="fast" pitch="low" volume="loud"', Style(1.25, 0.87), 1.6),
    ],
)
def test_prosody(attributes, style, volume):
    (piece,) = parse(f"<speak><prosody {attributes}>Hello.</prosody></speak>")
    assert (piece.style.rate, piece.style.pitch) == pytest.approx((style.rate, style.pitch))
    assert piece.volume == pytest.approx(volume, abs=0.001)


def test_manners_are_nested_and_end():
    pieces = parse('<speak>a <prosody rate="fast">b <prosody rate="2">c</prosody> d</prosody> e</speak>')
    assert [(piece.text.strip(), piece.style.rate) for piece in pieces] == [
        ("a", 1.0), ("b", 1.25), ("c", 2.5), ("d", 1.25), ("e", 1.0),
    ]  # fmt: skip


def pitch(samples, rate):
    """Median fundamental frequency in Hz by autocorrelation."""
    found = []
    for start in range(0, len(samples) - 2048, 1024):
        frame = samples[start : start + 2048].astype(float)
        match = np.correlate(frame, frame, "full")[2047:]
        lag = rate // 400 + int(np.argmax(match[rate // 400 : rate // 60]))
        if match[lag] > 0.5 * match[0] > 0:
            found.append(rate / lag)
    return float(np.median(found))


def test_a_voice_does_what_it_is_told():
    text = "The quick brown fox jumps over the lazy dog."
    (usual,) = spoken(f"<speak>{text}</speak>")
    (fast,) = spoken(f'<speak><prosody rate="150%">{text}</prosody></speak>')
    (high,) = spoken(f'<speak><prosody pitch="+8st">{text}</prosody></speak>')
    (soft,) = spoken(f'<speak><prosody volume="-12dB">{text}</prosody></speak>')
    assert len(fast) / len(usual) == pytest.approx(1 / 1.5, abs=0.1)
    assert pitch(high, ENGINE.rate) / pitch(usual, ENGINE.rate) == pytest.approx(2 ** (8 / 12), abs=0.2)
    assert np.std(soft) / np.std(usual) == pytest.approx(0.25, abs=0.05)
    (strong,) = spoken(f'<speak><emphasis level="strong">{text}</emphasis></speak>')
    assert len(strong) > 1.1 * len(usual)


def test_a_voice_without_manners_still_speaks_and_pauses():
    class Plain:
        rate = ENGINE.rate

        def speak(self, text):
            return ENGINE.speak(text)

    (piece,) = parse('<speak><prosody rate="fast" volume="silent">Hello.</prosody><break time="1s"/></speak>')
    made = np.concatenate([chunk.samples for chunk in speak_piece(Plain(), piece, "Hello.")])
    assert len(made) > 1.5 * ENGINE.rate
    assert not made.any()


@pytest.mark.parametrize(
    ("how", "text", "said"),
    [
        ('interpret-as="characters"', "abc", "A, B, C"),
        ('interpret-as="spell-out"', "Straße 1", "S, T, R, A, ß, E, 1"),
        ('interpret-as="digits"', "1,024", "1 0 2 4"),
        ('interpret-as="telephone"', "+49 30 1234", "+ 4 9, 3 0, 1 2 3 4"),
        ('interpret-as="cardinal"', "12,345", "12345"),
        ('interpret-as="ordinal"', "3", "third"),
        ('interpret-as="ordinal"', "tenth", "tenth"),
        ('interpret-as="date" format="dmy"', "3.5.2027", "2027-05-03"),
        ('interpret-as="date" format="mdy"', "5/3/27", "2027-05-03"),
        ('interpret-as="date"', "2027/05/03", "2027-05-03"),
        ('interpret-as="date"', "3 May", "3 May"),
        ('interpret-as="time" format="hms24"', "14:05", "14:05"),
        ('interpret-as="unit"', "5 km", "5 km"),
        ('interpret-as="mystery"', "as it is", "as it is"),
        ("", "as it is", "as it is"),
    ],
)
def test_say_as(how, text, said):
    (piece,) = parse(f"<speak><say-as {how}>{text}</say-as></speak>")
    assert (piece.text, piece.said) == (text, said)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "third"), ("de", "dritte"), ("fr", "troisième"), ("es", "tercero"), ("ru", "третий"), ("bg", "трети")],
)
def test_an_ordinal_is_said_in_each_language(language, said):
    assert words('<speak><say-as interpret-as="ordinal">3</say-as></speak>', language) == [said]


def test_dates_and_times_go_on_to_be_made_speakable():
    (piece,) = parse('<speak><say-as interpret-as="date" format="dmy">3.5.2027</say-as></speak>')
    assert speakable(piece.said, "en") == "May 3rd, 2027"
    assert "Mai" in speakable(piece.said, "de")


def test_an_alias_is_said_and_the_text_shown():
    document = '<speak>The <sub alias="World Wide Web Consortium">W3C</sub> says hello.</speak>'
    assert words(document) == ["The ", "World Wide Web Consortium", " says hello."]
    assert plain(document) == "The W3C says hello."


def test_paragraphs_and_sentences_have_pauses_and_unknown_tags_none():
    pieces = parse("<speak><p><s>One.</s><s>Two.</s></p><voice name='x'>Three</voice><audio src='y'/> four.</speak>")
    assert "".join(piece.text for piece in pieces) == "One. Two. Three four."
    assert [piece.pause for piece in pieces if piece.pause] == [0.25, 0.75]


def test_namespaces_a_declaration_and_entities_are_understood():
    document = '<?xml version="1.0"?><speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis">A &amp; B</speak>'
    assert is_ssml(document)
    assert plain(document) == "A & B"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<speak>Not closed", "Not closed"),
        ("<speak>Tom & Jerry</speak>", "Tom & Jerry"),
        ("<speak>Wrong <b>order</speak></b>", "Wrong order"),
        ("<speak>3 < 5</speak>", "3 < 5"),
        ("<speak attribute>Hello</speak>", "Hello"),
        ("<speak>After</speak> the end", "After the end"),
        ("<speak><!-- a note -->Hello &undefined; there</speak>", "Hello &undefined; there"),
    ],
)
def test_what_is_not_well_formed_is_spoken_without_its_tags(text, said, caplog):
    assert plain(text) == said
    assert "spoken as plain text" in caplog.text


def test_an_entity_bomb_does_not_go_off():
    bomb = '<!DOCTYPE speak [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    text = f"<speak>{bomb}]><speak>&j;</speak>"
    assert len(plain(text)) < 2 * len(text)
    secret = '<?xml version="1.0"?><!DOCTYPE speak [<!ENTITY x SYSTEM "file:///etc/passwd">]><speak>&x;</speak>'
    assert "root" not in "".join(piece.text for piece in parse(secret))


@given(st.text(alphabet="<>/&;'\"= speak break prosody x1%", max_size=80))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_it(text):
    for piece in parse(f"<speak>{text}"):
        assert isinstance(piece.text, str)
        assert 0 <= piece.pause <= 10
        assert 0.3 <= piece.style.rate <= 3
    assert isinstance(plain(text), str)


def test_other_texts_are_left_alone():
    for text in ("Hello.", "a <speak>b</speak>", "<speaker>", "", "<b>bold</b>"):
        assert not is_ssml(text)
        assert plain(text) == text


def test_a_long_piece_is_said_sentence_by_sentence():
    piece = Piece("One. Two. Three.", None, Style(rate=2.0), 0.5, 1.0)
    parts = list(ssml.sentences_of(piece))
    assert [(part.text, part.pause, part.volume) for part in parts] == [
        ("One. ", 0.0, 0.5), ("Two. ", 0.0, 0.5), ("Three.", 1.0, 0.5),
    ]  # fmt: skip


def told(*sentences):
    """Says sentences through a speaker; the speech and what came out of the mixer."""

    async def each():
        for sentence in sentences:
            yield sentence

    out = []

    async def main():
        mixer, worker = Mixer(RATE), InlineWorker("tts")
        speech = Speaker(ENGINE, worker, mixer).begin()
        saying = asyncio.ensure_future(speech.say(each()))
        heard = []
        while not saying.done():
            heard.append(mixer.pull(RATE // 100))
            await asyncio.sleep(0.01)
        await saying
        worker.close()
        out.extend((speech, np.concatenate(heard)))

    on_loop(main, virtual=True)
    return out


def test_a_reply_in_ssml_is_spoken_and_told_without_its_tags():
    speech, heard = told('<speak>Ready. <break time="1s"/> ', "Steady.", "</speak>", " And go.")
    assert speech.text == "Ready. Steady. And go."
    assert speech.heard() == "Ready. Steady. And go."
    silent = np.flatnonzero(np.abs(heard.astype(int)) > 40)
    assert np.diff(silent).max() / RATE == pytest.approx(1.0, abs=0.35)


def test_a_reply_that_never_ends_its_document_is_spoken():
    speech, _ = told("<speak>Hello. ", "How are you?")
    assert speech.heard() == "Hello. How are you?"
