"""Taking names out of what is passed on to others."""

import re
from collections.abc import Iterable

MASK = "[…]"
# A path may have spaces in it, so all is taken up to a mark that ends a part of the sentence.
_PATH = re.compile(r"(?:(?<![\w.\]])~?/|\b[A-Za-z]:\\|\\\\)[^;:()“”\"'\n]*")
_QUOTED = re.compile(r"“[^”\n]*”|\"[^\"\n]*\"|(?<!\w)'[^'\n]*'(?!\w)")


def masked(text: str, private: Iterable[str] = ()) -> str:
    """Return a line without paths, without what stands in quotes, and without the words given.

    Args:
        text: what Sotto says of something.
        private: words in it that name what is the user's.
    """
    for word in sorted(filter(None, private), key=len, reverse=True):
        text = text.replace(word, MASK)
    return _PATH.sub(MASK, _QUOTED.sub(MASK, text))
