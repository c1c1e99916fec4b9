"""What nobody would give to a command: texts, names of files, settings, addresses."""

ESCAPE = "\x1b]0;taken\x07\x1b[2J"

TEXTS = (
    "", " ", ".", "..", "-", "--", "/", "//", "~", "~nosuchuser", "~nosuchuser/x", "a/..", "../..",
    "a/../..", "-x/y", "--x", "--model", "a--b/c", "owner/repo/../../../etc/passwd", "C:\\x",
    "x" * 256, "x" * 300 + "/y", "ä" * 200, "y/" * 3000, ESCAPE, "two\nlines", "a\rb", "\x7f",
    "\x9b31m", "\udcff\udc80", "\u202etxt.exe", "\u2028", "[/bold]", "[red]x", "%s%n", "{0}{x}",
    "nan", "inf", "1e999", "-1", "0", "9" * 30, "٣", "1_000", "None", "True", "de,xx", "auto",
    "http://127.0.0.1:9/x", "file:///etc/passwd", "base;rm", "$(id)", "\N{GRINNING FACE}" * 70,
    "openai/whisper-tiny", "ggerganov/whisper.cpp", "tiny-q5_1", "starter-en", "basic",
)  # fmt: skip
FILES = (
    "good.flac", "missing.wav", "empty.wav", "text.wav", "folder", "locked", "locked/x.wav",
    "unreadable.wav", "loop", "/dev/null", "/dev/full", "/proc/self/mem", "/etc/passwd",
    "escaping\x1b[2J.wav", "line\nbreak.wav", "bytes\udcff.wav", "12:30 call.wav", "-flag.wav",
    "short.wav", "cut.flac", "readonly/out", "deep.toml", "[/x].wav", "x" * 260 + ".wav",
)  # fmt: skip
MODELS = (
    "deep-model", "pipe-model", "empty-model", "locked", "folder", "nan.pt", "text.pt",
    "ggml-x.bin",     "escaping\x1b[2J.wav", "loop", "/dev/zero", "pipe",
)  # fmt: skip
FOLDERS = (
    "", ".", "nosuch/deep/er", "text.wav", "locked", "locked/inner", "readonly", "/dev/null",
    "/proc/1/root", "~nosuchuser", "x" * 300, "loop", "folder", "world", "bytes\udcff", ESCAPE,
)  # fmt: skip
LOST = ("text.wav", "locked", "locked/inner", "readonly", "/dev/null", "x" * 300, "loop")
SETTINGS = (
    "font_size = ", "[" * 20_000, "a = " + "[" * 20_000, "a = " + "{x=" * 5_000, "\x00", "\ufeff",
    'model = "\\u0000"', 'model = "\\u001b[2J"', "model = 3", 'models_folder = "~nosuchuser"',
    'models_folder = "locked"', 'models_folder = "\\u0000"', f'microphone = "{"x" * 300}"',
    'language = "klingon"', "schema = 99", 'schema = "x"', "font_size = 1" + "0" * 400,
    "font_size = nan", 'hotkey = ""', "unknown = 1\n" * 3000, 'vocabulary = ["\\u001b]0;x\\u0007"]',
    "context = 1979-05-27", 'insert_method = "\\ud800"',
)  # fmt: skip
VARIABLES = (
    "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR", "HF_HOME", "HF_HUB_CACHE", "SOTTO_CONFIG_DIR", "SOTTO_MODELS_DIR",
    "BUZZ_MODEL_ROOT", "TMPDIR", "HF_TOKEN_PATH",
)  # fmt: skip
WORDS = (
    "SOTTO_MODEL", "SOTTO_LANGUAGE", "SOTTO_FONT_SIZE", "SOTTO_MODELS_FOLDER", "SOTTO_LOG",
    "SOTTO_MICROPHONE", "HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "PULSE_SERVER", "LANG",
    "TERM", "COLUMNS", "DBUS_SESSION_BUS_ADDRESS", "WAYLAND_DISPLAY", "SOTTO_COMPUTE_TYPE",
    "SOTTO_SERVER_TOKEN",
)  # fmt: skip
TO_ALL = "0.0.0.0"  # noqa: S104 (no model is served by it)
HOSTS = (
    TO_ALL, "::", "::1", "[::1]", "localhost", "127.0.0.1", "127.1", "999.1.1.1", "192.0.2.1",
    "a..b", "*", "fe80::1%lo", "0", "a" * 64 + ".invalid", "http://localhost/", "localhost:80",
)  # fmt: skip
NUMBERS = (
    "0", "-1", "1", "65535", "65536", "99999999999999999999", "1e3", "0x10", "٣", "1_0", "nan",
)  # fmt: skip
ORIGINS = ("*", "null", "https://example.org", "https://example.org/x", "file://", "x://[::1")
TOKEN = "a-token-that-nobody-guesses"  # noqa: S105 (of no server)
TOKENS = (TOKEN, "short", "a token with spaces in it", "x" * 100_000)
