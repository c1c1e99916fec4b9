"""Capital and small first letters."""

from sotto.app.core.words.chunks import APOSTROPHE, CLOSERS
from sotto.app.core.words.marks import Case

_ENDS = ".?!。？！"  # noqa: RUF001  (the ideographic ones are meant)
_ELLIPSES = ("...", "…")

# A model begins each utterance with a capital, even in the middle of a sentence. Words that are
# never names can be written small again; with all others the model may be right.
_NEVER_NAMES = frozenset(
    """
    a about above across actually after again against all almost along already also although
    always am among an and another any anybody anyone anything are aren't around as at away back
    be because been before behind being below beneath beside besides between beyond both but by
    can can't cannot could couldn't despite did didn't do does doesn't doing don't down during
    each either else enough especially etc even ever every everybody everyone everything except
    few finally first for from get give given go got had hadn't has hasn't have haven't having he
    he'd he'll he's hence her here here's hers herself him himself his how however if in including
    indeed inside instead into is isn't it it'd it'll it's its itself just last later least less
    let let's like likely made make makes making many maybe me meanwhile might mine more moreover
    most much must my myself near nearly neither never nevertheless next no nobody none nor not
    nothing now of off often on once one only onto or other others otherwise our ours ourselves
    out outside over own perhaps please probably quite rather really same several shall she she'd
    she'll she's should shouldn't since so some somebody someone something sometimes somewhere soon
    still such than thank thanks that that's the their theirs them themselves then there there's
    therefore these they they'd they'll they're they've this those though through throughout thus
    till to today together tomorrow too toward towards under unless unlike until up upon us usually
    very was wasn't we we'd we'll we're we've well were weren't what what's whatever when whenever
    where whereas wherever whether which while who who's whoever whole whom whose why with within
    without won't would wouldn't yes yesterday yet you you'd you'll you're you've your yours
    yourself yourselves
    """.split()  # noqa: SIM905  (a list would be two hundred lines)
)


def cased(text: str, case: Case) -> str:
    """Return `text` with its first word begun as `case` says."""
    start = next((at for at, character in enumerate(text) if character.isalnum()), len(text))
    word = text[start:].split(" ", 1)[0].rstrip(CLOSERS)
    if case is Case.CAPITAL and _takes_capital(word):
        return text[:start] + _titled(text[start]) + text[start + 1 :]
    if case is Case.SMALL and _takes_small(word):
        return text[:start] + text[start].lower() + text[start + 1 :]
    return text


def _takes_capital(word: str) -> bool:
    """False for what is written in a way of its own: iPhone, example.com, mp3."""
    return word.islower() and not any(c.isdigit() or c in "./:@_\\" for c in word)


def _takes_small(word: str) -> bool:
    small = word[:1].lower() + word[1:]
    return small.replace(APOSTROPHE, "'") in _NEVER_NAMES


def _titled(letter: str) -> str:
    capital = letter.title()
    return capital if capital.lower() == letter else letter  # "µ" would become a Greek letter


def has_letter_or_digit(text: str) -> bool:
    """True if there is something that a capital could be asked of."""
    return any(character.isalnum() for character in text)


def case_after(text: str) -> Case:
    """Return how a word begins that follows `text` after a pause."""
    bare = text.rstrip(CLOSERS)
    if bare.endswith(_ELLIPSES):
        return Case.AS_IS
    return Case.CAPITAL if bare.endswith((*_ENDS, "\n")) else Case.SMALL
