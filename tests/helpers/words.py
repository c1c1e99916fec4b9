"""Whether words that were said were heard."""

from whisper_normalizer.english import EnglishTextNormalizer

_normalised = EnglishTextNormalizer()


def are_heard(said: str, heard: str) -> bool:
    """Tell whether the first word, the last, and all between but for one are there, and no others.

    How loaded the machine is decides where a live window ends, so a word may be misheard.
    """
    expected, words = _normalised(said).split(), _normalised(heard).split()
    return (
        len(words) == len(expected)
        and (words[0], words[-1]) == (expected[0], expected[-1])
        and sum(word != other for word, other in zip(words, expected, strict=True)) <= 1
    )
