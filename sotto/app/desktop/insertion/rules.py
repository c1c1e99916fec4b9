"""Which way of inserting suits which application."""

from dataclasses import dataclass

from sotto.app.core.settings import InsertMethod, Settings
from sotto.errors import InsertionError

# Window classes and app ids, in lower case. Terminals take Ctrl+V for themselves and paste on
# Ctrl+Shift+V.
TERMINALS = frozenset({
    "alacritty", "blackbox", "com.mitchellh.ghostty", "com.raggesilver.blackbox",
    "cool-retro-term", "deepin-terminal", "foot", "footclient", "ghostty", "gnome-terminal",
    "gnome-terminal-server", "guake", "hyper", "io.elementary.terminal", "kgx", "kitty", "konsole",
    "lxterminal", "mate-terminal", "org.codeberg.dnkl.foot", "org.gnome.console",
    "org.gnome.ptyxis", "org.gnome.terminal", "org.kde.konsole", "org.kde.yakuake",
    "org.wezfurlong.wezterm", "ptyxis", "qterminal", "roxterm", "sakura", "st", "st-256color",
    "tabby", "terminator", "terminology", "termit", "tilda", "tilix", "wezterm",
    "x-terminal-emulator", "xfce4-terminal", "yakuake",
})  # fmt: skip

# These terminals paste PRIMARY, which holds what the user has marked, or have no key for the
# clipboard at all.
TERMINALS_WITHOUT_PASTE = frozenset({"xterm", "uxterm", "urxvt", "rxvt", "putty"})

# Editors in which Ctrl+V is another command.
EDITORS_WITHOUT_PASTE = frozenset({"emacs", "gvim", "nvim-qt", "neovide"})

# Windows onto another machine: it fetches the clipboard when it likes, so nobody can tell when it
# may be given back, and typing knows only the keys that machine has.
REMOTE_DESKTOPS = frozenset({
    "anydesk", "gnome-boxes", "org.gnome.boxes", "org.gnome.connections", "org.remmina.remmina",
    "remmina", "remote-viewer", "rustdesk", "teamviewer", "vinagre", "virt-manager", "virt-viewer",
    "virtualbox machine", "virtualboxvm", "vmware", "vncviewer", "wlfreerdp", "xfreerdp",
})  # fmt: skip

# What is dictated by mistake must not end up as a password, nor overwrite one.
PASSWORD_MANAGERS = frozenset({
    "1password", "bitwarden", "com.bitwarden.desktop", "enpass", "gcr-prompter", "gksudo",
    "keepass2", "keepassxc", "ksshaskpass", "lxpolkit", "org.gnome.seahorse.application",
    "org.gnome.world.secrets", "org.keepassxc.keepassxc", "pinentry", "pinentry-gnome3",
    "pinentry-gtk-2", "pinentry-qt", "polkit-gnome-authentication-agent-1",
    "polkit-kde-authentication-agent-1", "seahorse", "ssh-askpass",
})  # fmt: skip


def is_terminal(application: str) -> bool:
    """Whether `application` (a window class or app id) is a terminal."""
    return application.casefold() in TERMINALS | TERMINALS_WITHOUT_PASTE


@dataclass(frozen=True, slots=True)
class Rule:
    """How to insert; `is_chosen` by the user, so that no other way may be tried instead."""

    method: InsertMethod
    is_chosen: bool


def rule_for(application: str, settings: Settings) -> Rule:
    """The rule for `application`: the user's own, or else what Sotto knows.

    A choice for all applications leaves password managers alone. Raises InsertionError for a
    method that does not exist.
    """
    name = application.casefold()
    own = {listed.casefold(): method for listed, method in settings.applications.items()}.get(name)
    if own is not None:
        return Rule(_method(own, application), is_chosen=True)
    known = _known_method(name)
    # Ctrl+V is no paste in a terminal, so "paste" for all applications means its own key there.
    everywhere = (InsertMethod.AUTO, InsertMethod.PASTE if is_terminal(name) else InsertMethod.AUTO)
    if known is InsertMethod.NONE or settings.insert_method in everywhere:
        return Rule(known, is_chosen=False)
    return Rule(settings.insert_method, is_chosen=True)


def _known_method(name: str) -> InsertMethod:
    if name in PASSWORD_MANAGERS:
        return InsertMethod.NONE
    if name in TERMINALS:
        return InsertMethod.TERMINAL_PASTE
    if name in TERMINALS_WITHOUT_PASTE | EDITORS_WITHOUT_PASTE:
        return InsertMethod.TYPE
    return InsertMethod.CLIPBOARD if name in REMOTE_DESKTOPS else InsertMethod.PASTE


def _method(value: str, application: str) -> InsertMethod:
    try:
        return InsertMethod(value)
    except ValueError as error:
        raise InsertionError(
            f'the settings say "{value}" for {application}; '
            f"write one of {', '.join(InsertMethod)} in the table applications"
        ) from error
