"""The settings, a page a subject. Changes count at once; there is nothing to confirm."""

from sotto.app.ui.settings_dialog.choices import Choices, set_by_environment
from sotto.app.ui.settings_dialog.dialog import SettingsDialog

__all__ = ["Choices", "SettingsDialog", "set_by_environment"]
