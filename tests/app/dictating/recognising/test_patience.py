from sotto.app.dictating.recognising.patience import Patience, PatienceSettings

SETTINGS = PatienceSettings(20.0, 60.0, of_sound=2.0, of_partial=10.0, of_final=40.0)


def test_it_is_long_while_nothing_is_known_of_the_machine() -> None:
    assert Patience(SETTINGS).seconds(1.0, final=False) == 60


def test_a_quick_machine_gets_less_and_a_slow_one_more() -> None:
    patience = Patience(SETTINGS)
    patience.observe(0.2, final=False)
    assert patience.seconds(1.0, final=False) == 20
    assert patience.seconds(1.0, final=True) == 20
    patience.observe(3.0, final=False)
    assert patience.seconds(1.0, final=False) == 30
    assert patience.seconds(1.0, final=True) == 120


def test_it_grows_with_the_sound() -> None:
    patience = Patience(SETTINGS)
    patience.observe(0.2, final=False)
    assert patience.seconds(25.0, final=False) == 50
