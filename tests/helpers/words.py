"""Whether words that were said were heard."""

from whisper_normalizer.english import EnglishTextNormalizer

_normalised = EnglishTextNormalizer()


def are_heard(said: str, heard: str) -> bool:
    """Tell whether all words are there but for a tenth, or one, that are misheard, and no others.

    How loaded the machine is decides where a live window ends, so a word may be misheard; but the
    text begins and ends with the right letter: nothing is cut off.
    """
    expected, words = _normalised(said).split(), _normalised(heard).split()
    return (
        len(words) == len(expected)
        and (words[0][0], words[-1][-1]) == (expected[0][0], expected[-1][-1])
        and sum(word != other for word, other in zip(words, expected, strict=True))
        <= max(1, len(expected) // 10)
    )
