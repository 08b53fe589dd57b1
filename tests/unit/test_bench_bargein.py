"""What the barge-in benchmark counts."""

import pytest

from assistant.bench.bargein import Cut, Figures, heard_words

TEXT = "Once upon time there"


@pytest.mark.parametrize(
    ("seconds", "heard"), [(-0.1, ""), (0.2, ""), (0.5, "Once"), (1.0, "Once upon"), (9.0, "Once upon time")]
)
def test_a_word_is_heard_once_the_next_has_begun(seconds, heard):
    starts = [(at, TEXT.index(word)) for at, word in zip((0.0, 0.4, 0.9, 1.5), TEXT.split(), strict=True)]
    assert heard_words(TEXT, starts, seconds) == heard


def test_figures_count_exact_histories():
    cuts = [Cut(0.01, "Once", ("Once", "Once upon")), Cut(0.03, "Once upon", ("Once",))]
    figures = Figures({"wake": cuts, "speech": []}, {"wake": 0, "speech": 2}, 3, 4, 0, 1.0, None)
    assert figures.exact("wake") == 1
    assert figures.silence_ms("wake") == pytest.approx((20.0, 30.0))
