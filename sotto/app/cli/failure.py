"""What commands say of errors that are not Sotto's own: what is wrong and what to do, in a line."""

import errno
import sys

from sotto.errors import InternalError, OutputError, SottoError

# What the user can do about what the system refuses; of all else, its own words are enough.
_ADVICE = {
    errno.EACCES: "change its permissions, or choose another place",
    errno.EPERM: "change its permissions, or choose another place",
    errno.EROFS: "choose a place that can be written",
    errno.ENOSPC: "make room, or choose another place",
    errno.EDQUOT: "make room, or choose another place",
    errno.EMFILE: "close what is not needed, or raise the limit (ulimit -n)",
    errno.ENFILE: "close what is not needed",
    errno.ENAMETOOLONG: "give a shorter name",
}
_ELSE = "check it, then try again"


def in_words(error: Exception) -> SottoError:
    """Return the error as its user is told it; an `InternalError` is a defect of Sotto's.

    What the system, the memory, a file or a text refuses comes out of libraries at any place, and
    is nobody's defect; each place that can say more about it does.
    """
    match error:
        case SottoError():
            return error
        case OSError():
            return SottoError(_refused(error))
        case MemoryError():
            return SottoError("there is not enough memory; end other programs, then try again")
        case RecursionError():
            return SottoError("a file is nested too deeply to be read; it is damaged, remove it")
        case UnicodeError():
            return SottoError("a file or a name is not text in UTF-8; rename or remove it")
        case _:
            return InternalError.of(error)


def output_failed(error: OSError) -> SottoError:
    """Return what is said when the standard output takes no more."""
    return OutputError(f"the standard output cannot be written ({_why(error)}); {_advice(error)}")


def is_defect(error: Exception) -> bool:
    """Tell whether it is none of the above, and should never have happened."""
    return isinstance(in_words(error), InternalError)


def _refused(error: OSError) -> str:
    names = [name for name in (error.filename, error.filename2) if name is not None]
    what = " to ".join(_text(name) for name in names) or "something that Sotto needs"
    return f"{what} cannot be used ({_why(error)}); {_advice(error)}"


def _text(name: object) -> str:
    if isinstance(name, bytes):
        return name.decode(sys.getfilesystemencoding(), "replace")
    return str(name)


def _why(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).lower()


def _advice(error: OSError) -> str:
    return _ADVICE.get(error.errno or 0, _ELSE)
