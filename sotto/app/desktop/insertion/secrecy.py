"""Whether what is written now would go where nothing may go: a password field, a locked screen."""


def is_secret(process: int | None) -> bool:
    """Whether the screen is locked, or a password field of `process` has the focus.

    Without `process` all programs are asked.
    """
    del process
    return False
