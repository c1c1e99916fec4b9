"""The look of all widgets, as one style sheet made from the colours."""

from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from sotto.app.core.settings import Theme
from sotto.app.ui.widgets.theme.colours import DARK, LIGHT, Colours
from sotto.app.ui.widgets.theme.icons import icon_file

# Fusion's own accent: what Qt reports where the desktop names none.
_NO_SYSTEM_ACCENT = QColor("#308cc6")
_LEAST_POINTS = 10  # a bare machine says 9, which nobody chose
_HEADLINE, _RECORD = 2.1, 1.3  # times the size of other words
# Taken in this order where the system's choice is DejaVu, the fallback of a bare machine.
_PREFERRED_FAMILIES = ("Inter", "Cantarell", "Noto Sans", "Open Sans", "Liberation Sans")

_SHEET = Template("""
QWidget { color: $text; }
QMainWindow, QDialog, #paper { background: $paper; }
QToolTip { background: $menu; color: $text; border: 1px solid $hairline; padding: 5px 8px; }

QLabel#secondary, QLabel#detail { color: $secondary; }
QLabel#state { font-weight: 600; }
QLabel#headline { font-size: ${headline}pt; font-weight: 600; }

QTextEdit { background: $paper; border: none; selection-background-color: $accent;
            selection-color: $on_accent; }

QTextEdit#line { background: $menu; border: 2px solid $accent; border-radius: 9px;
            padding: 2px 8px 8px 8px; }

QComboBox { background: $control; border: 1px solid $control; border-radius: 9px;
            padding: 7px 30px 7px 10px; }
QComboBox:hover { background: $control_hover; border-color: $control_hover; }
QComboBox:focus { border: 2px solid $accent; padding: 6px 29px 6px 9px; }
QComboBox:disabled { color: $secondary; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: url($chevron); width: 16px; height: 16px; }
QComboBox QAbstractItemView { background: $menu; border: 1px solid $hairline; padding: 5px;
            outline: none; selection-background-color: $control_hover; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: 30px; padding: 0 8px; }

QPushButton { background: $control; border: 1px solid $outline; border-radius: 9px;
              padding: 7px 14px; }
QPushButton:hover { background: $control_hover; }
QPushButton:focus { border: 2px solid $accent; padding: 6px 13px; }
QPushButton:disabled { color: $secondary; border-color: $hairline; }
QPushButton#record { background: $accent; color: $on_accent; border: 3px solid $accent;
              border-radius: 27px; font-size: ${record}pt; font-weight: 600; min-height: 48px;
              min-width: 148px; padding: 0 12px; }
QPushButton#record:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton#record:focus { padding: 0 12px; }
QPushButton#record[ring="true"] { border-color: $text; }
QPushButton#record[listening="true"] { background: $recording; color: $on_recording;
              border-color: $recording; }
QPushButton#record[listening="true"][ring="true"] { border-color: $text; }
QPushButton#record:disabled { background: $control; color: $secondary; border-color: $control; }
QPushButton#primary { background: $accent; color: $on_accent; border-color: $accent;
              font-weight: 600; padding: 7px 18px; }
QPushButton#primary:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton#primary:focus { border: 2px solid $text; padding: 6px 17px; }
QPushButton#link { background: transparent; border: 2px solid transparent; color: $accent;
              text-decoration: underline; padding: 5px 8px; }
QPushButton#link:focus { border-color: $accent; padding: 5px 8px; }
QPushButton#newest { background: $menu; border-radius: 17px; padding: 7px 14px; }

QToolButton { background: transparent; border: 2px solid transparent; border-radius: 9px;
              padding: 6px; }
QToolButton:hover, QToolButton:open { background: $control_hover; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; width: 0; }

QMenu { background: $menu; border: 1px solid $hairline; padding: 6px; }
QMenu::item { padding: 7px 26px 7px 14px; border-radius: 6px; }
QMenu::item:selected { background: $control_hover; }
QMenu::item:disabled { color: $secondary; }
QMenu::separator { height: 1px; background: $hairline; margin: 6px 8px; }
QMenu::indicator { width: 16px; height: 16px; left: 6px; }
QMenu::indicator:checked { image: url($check); }

QLineEdit, QPlainTextEdit, QAbstractSpinBox { background: $field; border: 1px solid $outline;
              border-radius: 7px; padding: 6px 9px; selection-background-color: $accent;
              selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit:focus, QAbstractSpinBox:focus { border: 2px solid $accent;
              padding: 5px 8px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled { color: $secondary;
              border-color: $hairline; background: $paper; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"] { border: 2px solid $recording;
              padding: 5px 8px; }
QAbstractSpinBox { padding-left: 0; padding-right: 24px; }
QAbstractSpinBox:focus { padding-left: 0; padding-right: 23px; }
QSpinBox::up-button, QSpinBox::down-button { border: none; width: 24px; }
QSpinBox::up-arrow { image: url($chevron_up); width: 14px; height: 14px; }
QSpinBox::down-arrow { image: url($chevron); width: 14px; height: 14px; }

QCheckBox, QRadioButton { spacing: 10px; padding: 3px 0; }
QCheckBox:disabled, QRadioButton:disabled { color: $secondary; }
QCheckBox::indicator, QRadioButton::indicator { width: 16px; height: 16px;
              border: 1px solid $outline; background: $field; }
QCheckBox::indicator { border-radius: 5px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent;
              image: url($check_on_accent); }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 8px; height: 8px; }
QCheckBox::indicator:focus { border: 2px solid $text; width: 14px; height: 14px; }
QRadioButton::indicator:focus { border: 2px solid $text; width: 14px; height: 14px; }
QRadioButton::indicator:checked:focus { border: 5px solid $text; width: 8px; height: 8px; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $hairline; }
QCheckBox::indicator:checked:disabled { background: $outline; }
QRadioButton::indicator:checked:disabled { border-color: $outline; }

QLabel#title { font-weight: 600; }
QLabel#section { font-weight: 600; }
QLabel#heard { color: $accent; font-weight: 600; }
QLabel#refusal { color: $recording; }
QScrollArea { background: $paper; border: none; }
QListWidget#pages { background: $control; border: none; padding: 12px 8px; outline: none; }
QListWidget#pages::item { padding: 8px 10px; border: 2px solid transparent; border-radius: 8px;
              color: $text; }
QListWidget#pages::item:hover { background: $control_hover; }
QListWidget#pages::item:selected { background: $paper; color: $text; }
QListWidget#pages:focus::item:selected { border-color: $accent; }

QLabel#drop { background: $menu; border: 3px dashed $accent; font-weight: 600; }
#dock { background: $paper; }
QProgressBar#preparing { background: $hairline; border: none; max-height: 3px; min-height: 3px; }
QProgressBar#preparing:disabled { background: $paper; border-top: 1px solid $hairline; }
QProgressBar#preparing::chunk { background: $accent; }

Banner { border-radius: 10px; }
Banner[kind="info"] { background: $info; }
Banner[kind="warning"] { background: $warning; }
Banner[kind="error"] { background: $error; }
Banner QPushButton { background: transparent; padding: 5px 12px; }
Banner QPushButton:hover { background: $control_hover; }
Banner QPushButton:focus { padding: 4px 11px; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar::handle:vertical { background: $outline; border-radius: 4px; min-height: 36px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
            background: none; height: 0; }
""")


def wanted_colours(theme: Theme, app: QApplication) -> Colours:
    """Return the colours of `theme`, with the desktop's accent where it names one."""
    is_dark = theme is Theme.DARK or (theme is Theme.SYSTEM and _system_is_dark(app))
    colours = DARK if is_dark else LIGHT
    accent = app.palette().color(QPalette.ColorRole.Accent)
    return colours if accent == _NO_SYSTEM_ACCENT else colours.with_accent(accent)


def apply(colours: Colours, app: QApplication) -> None:
    """Give the whole application this look, unless it has it."""
    if is_applied(colours, app):
        return  # Qt would style every widget anew
    take_off(colours, app)
    app.setStyleSheet(_sheet(colours))


def is_applied(colours: Colours, app: QApplication) -> bool:
    """Tell whether the whole application has this look."""
    return _sheet(colours) == app.styleSheet()


def take_off(colours: Colours, app: QApplication) -> None:
    """Do the first half of `apply`: leave widgets without a sheet, in the palette of another look.

    Without this, widgets in scroll areas would keep the palette of before, and to put one sheet in
    another's place takes Qt more than twice as long.
    """
    if app.styleSheet():
        app.setStyleSheet("")
    app.setPalette(_palette(colours, app.palette()))


def _sheet(colours: Colours) -> str:
    values = {name: getattr(colours, name) for name in colours.__slots__}
    hover = QColor(colours.accent)
    points = max(QApplication.font().pointSizeF(), _LEAST_POINTS)
    return _SHEET.substitute(
        values,
        accent_hover=(hover.lighter(108) if colours.is_dark else hover.darker(112)).name(),
        chevron=icon_file("chevron", colours.secondary),
        chevron_up=icon_file("chevron_up", colours.secondary),
        check=icon_file("check", colours.text),
        check_on_accent=icon_file("check", colours.on_accent),
        field=colours.menu,
        headline=round(_HEADLINE * points, 1),
        record=round(_RECORD * points, 1),
    )


def preferred_font(font: QFont) -> QFont:
    """Return the desktop's font, or a better installed one where it is only the fallback."""
    if not font.family().startswith(("DejaVu", "Sans")):
        return font
    installed = set(QFontDatabase.families())
    better = QFont(font)
    family = next((name for name in _PREFERRED_FAMILIES if name in installed), font.family())
    better.setFamily(family)
    better.setPointSizeF(max(font.pointSizeF(), _LEAST_POINTS))
    return better


def restyle(widget: QWidget) -> None:
    """Apply the sheet again after a property that it selects by has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _system_is_dark(app: QApplication) -> bool:
    return app.styleHints().colorScheme().name == "Dark"


def _palette(colours: Colours, base: QPalette) -> QPalette:
    """What Qt draws without asking the sheet: placeholders, links, carets, standard dialogs."""
    palette = QPalette(base)
    role = QPalette.ColorRole
    for colour, roles in (
        (colours.paper, (role.Window, role.Base)),
        (colours.control, (role.Button, role.AlternateBase)),
        (colours.text, (role.WindowText, role.Text, role.ButtonText, role.ToolTipText)),
        (colours.secondary, (role.PlaceholderText,)),
        (colours.menu, (role.ToolTipBase,)),
        (colours.accent, (role.Highlight, role.Link)),
        (colours.on_accent, (role.HighlightedText,)),
    ):
        for each in roles:
            palette.setColor(each, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(disabled, each, QColor(colours.secondary))
    return palette
