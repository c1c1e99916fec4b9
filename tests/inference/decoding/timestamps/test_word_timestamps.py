"""Words of which punctuation is a part."""

from sotto.inference.decoding.options import APPENDED, PREPENDED
from sotto.inference.decoding.result import WordTiming
from sotto.inference.decoding.timestamps.word_timestamps import merge_punctuation


def words(*texts: str) -> list[WordTiming]:
    return [WordTiming(text, (i,), i, i + 1, 1.0) for i, text in enumerate(texts)]


def test_punctuation_joins_the_word_it_belongs_to() -> None:
    merged = merge_punctuation(words(' "', "Yes", ",", '"', " no", "."), PREPENDED, APPENDED)
    assert [word.word for word in merged] == ["", ' "Yes,"', "", "", " no.", ""]
    assert [word.tokens for word in merged] == [(), (0, 1, 2, 3), (), (), (4, 5), ()]
    assert (merged[1].start, merged[1].end) == (1, 2)
