"""The tree of errors that Sotto raises for its users.

SottoError                     the message says what is wrong and what to do
├── UsageError                 a flag or a value that cannot be used
├── SettingsError              the settings file has a broken key
├── AudioError
│   ├── DeviceError            no such microphone, or it stopped answering
│   └── AudioFileError         a file that is missing, empty or not audio
├── ModelError
│   ├── ModelNotFoundError     no model of that name on this machine
│   ├── CheckpointError        a file of the model is missing, truncated or mis-shaped
│   ├── DownloadError          fetching a model failed or was cancelled
│   └── CompileError           the graph compiler failed
├── DesktopError
│   ├── HotkeyError            a key that cannot be used, or that another program has taken
│   ├── InsertionError         text could not be put into another application
│   └── ControlError           the running Sotto does not answer, or none runs
├── OutputError                a text could not be written
└── InternalError              a defect of Sotto, where the user has to know that something failed

Every message is one line. The command line prints it and exits with 2; the window shows it.
Anything else that is raised is a defect of Sotto and keeps its traceback.
"""

from typing import Self


class SottoError(Exception):
    """Base of all errors that a user can do something about."""


class UsageError(SottoError):
    """A flag or a value that cannot be used."""


class SettingsError(SottoError):
    """The settings file has a broken key."""


class AudioError(SottoError):
    """Base of errors about sound."""


class DeviceError(AudioError):
    """No such audio device, or it stopped answering."""


class AudioFileError(AudioError):
    """A file that is missing, empty or not audio."""


class ModelError(SottoError):
    """Base of errors about models."""


class ModelNotFoundError(ModelError):
    """No model of that name on this machine."""


class CheckpointError(ModelError):
    """A file of the model is missing, truncated or mis-shaped."""


class DownloadError(ModelError):
    """Fetching a model failed or was cancelled."""


class CompileError(ModelError):
    """The graph compiler failed."""


class OutputError(SottoError):
    """A text could not be written."""


class DesktopError(SottoError):
    """Base of errors about the desktop that Sotto runs on."""


class HotkeyError(DesktopError):
    """A key that cannot be used, or that another program has taken."""


class InsertionError(DesktopError):
    """Text could not be put into another application."""


class ControlError(DesktopError):
    """The running Sotto does not answer, or none runs."""


class InternalError(SottoError):
    """A defect of Sotto; the error itself is raised as well, where it is reported."""

    @classmethod
    def of(cls, error: Exception) -> Self:
        """Say in a line that `error` was not foreseen, without what it may quote of a text."""
        return cls(
            f"something went wrong inside Sotto ({type(error).__name__}); try again, and if it "
            "comes back, report it"
        )
