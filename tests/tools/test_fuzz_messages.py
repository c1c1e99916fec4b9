"""Nonsense on the control socket and the D-Bus: the short form."""

import os
import random

from tools.fuzz_messages import LINES, bus_messages, control_messages

N_MESSAGES = 200


def test_nonsense_on_the_control_socket_harms_nobody() -> None:
    ends = control_messages(N_MESSAGES, random.Random(3))
    other_user = "refused" if os.geteuid() == 0 else "not tried, for that takes root"
    assert ends == {"answered": N_MESSAGES, "tracebacks": 0, f"another user: {other_user}": 1}
    assert len(LINES) < N_MESSAGES


def test_a_desktop_that_answers_nonsense_is_told_in_one_line() -> None:
    ends = bus_messages(5 * N_MESSAGES, random.Random(3))
    assert ends.keys() == {"used", "told in a line", "messages"}
    assert ends["messages"] >= 5 * N_MESSAGES
