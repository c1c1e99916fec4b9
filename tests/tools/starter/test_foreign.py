from tools.starter.voices.foreign import AMERICAN, SPEAKERS, definition


def test_what_foreigners_replace_are_sounds_that_the_american_makes() -> None:
    for name, speaker in SPEAKERS.items():
        assert speaker.sounds.keys() <= AMERICAN, name


def test_a_speaker_has_a_sound_or_two_for_each_of_the_american() -> None:
    scheme = definition("mv", SPEAKERS["mv"])
    assert '("ch" "t" "S")' in scheme
    assert "(S -)" in scheme  # a sound of its own
    assert "(b -)" in scheme  # one of the same name
    assert "(ch -)" not in scheme
    assert scheme.count("(") == scheme.count(")")
