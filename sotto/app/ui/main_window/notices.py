"""What the banners say. Each says what is wrong and what to do about it."""

from collections.abc import Callable, Sequence

from sotto.app.core.projects.queued import Queued, State
from sotto.app.core.spoken_languages import Spoken
from sotto.app.dictating.engine import Microphone, Model
from sotto.app.ui.widgets.banner import Kind, Notice

DEFECT = "defect"  # the topic of both notices about one
RECORDING = "recording"


def about_a_defect(copy_report: Callable[[], None]) -> Notice:
    """Return what is said when something broke that should not."""
    return Notice(
        Kind.ERROR,
        "Something went wrong inside Sotto; finished text is kept. A report helps to mend it.",
        "Copy &report",
        copy_report,
    )


def about_a_report() -> Notice:
    """Return what is said once a report is on the clipboard."""
    return Notice(
        Kind.INFO,
        "The report is on the clipboard: versions, settings and Sotto's log, without dictated text "
        "and names of files, devices and windows. Read it, then paste it into a bug report.",
    )


def about_recovered_text() -> Notice:
    """Return what is said once words came back that a crash had cut off."""
    return Notice(
        Kind.INFO, "Recovered: what was being said when Sotto was cut off stands in the text."
    )


def about_a_recording(row: Queued, show: Callable[[], None]) -> Notice:
    """Return what is said once nothing more becomes of a recording in the queue."""
    if row.state is State.DONE:
        return Notice(Kind.INFO, f"{row.source.name} is transcribed.", "S&how it", show)
    why = row.message[:1].lower() + row.message[1:]
    return Notice(Kind.WARNING, f"{row.source.name}: {why}", "S&how it", show)


def about_microphones(
    microphones: Sequence[Microphone], wanted: str, play_clip: Callable[[], None]
) -> Notice | None:
    """Return what the user must know about the microphones, if anything."""
    if not microphones:
        return Notice(
            Kind.WARNING,
            "No microphone was found. Plug one in and press F5, or watch Sotto work on a "
            "bundled clip.",
            "&Play the clip",
            play_clip,
        )
    if wanted and wanted not in {microphone.name for microphone in microphones}:
        return Notice(
            Kind.WARNING,
            f"The microphone “{wanted}” is not connected; {microphones[0].label} is used. Plug it "
            "in and press F5, or choose another.",
        )
    return None


def about_model(models: Sequence[Model], chosen: str, spoken: Spoken) -> Notice | None:
    """Return what the user must know about the chosen model, if anything."""
    if not models:
        return Notice(
            Kind.ERROR,
            "No speech model is installed. Get one with `sotto models pull base`, then press F5.",
        )
    model = next((model for model in models if model.name == chosen), None)
    if model is None:
        return None
    if model.languages and spoken.is_beyond_english:
        return Notice(
            Kind.WARNING,
            f"{spoken.misunderstood_by(model.name or model.shown)}: choose it above, or get it "
            "with `sotto models pull base`, then press F5.",
        )
    if model.is_starter:
        return Notice(
            Kind.INFO,
            "The basic model is small and mishears people; "
            "get a real one with `sotto models pull base`, then press F5.",
        )
    return None
