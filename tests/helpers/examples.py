"""How many examples Hypothesis tries of what needs more, or fewer, than others."""

from hypothesis import settings

QUICK = "quick"  # the profile of `make check`


def examples(most: int) -> int:
    """Return `most`, and under the profile of `make check` no more than that one says."""
    if settings.get_current_profile_name() != QUICK:
        return most
    return min(most, settings.get_profile(QUICK).max_examples)
