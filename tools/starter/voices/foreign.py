"""People who never spoke English, speaking it: diphones of other languages, American pronunciation.

A diphone voice is the recorded voice of a person, and festival's other languages have nine of them
where English has two. What festival's American voice would say, sound by sound, is said with the
nearest sounds of theirs, in the accent that such people have.
"""

from dataclasses import dataclass
from pathlib import Path

VOICES = Path("/usr/share/festival/voices")

# The American voice's sounds; "radio", its phone set, has some more, which it does not use.
AMERICAN = frozenset(
    "aa ae ah ao aw ax ay b ch d dh eh er ey f g hh ih iy jh k l m n ng ow oy p pau r s sh t th "
    "uh uw v w y z zh".split()
)
# Scheme: before there is sound, the American's sounds are replaced by those of `foreign`, a name
# and pairs. The first of two takes most of the time.
PRELUDE = """
(require_module 'UniSyn)
(defvar foreign nil)
(define (foreign-sound sound entry)
  (if entry (item.set_name sound (cadr entry)))
  (if (cddr entry)
    (let ((start (item.feat sound "p.end")) (end (item.feat sound "end")))
      (item.set_feat sound "end" (+ start (* 0.6 (- end start))))
      (item.set_feat (item.insert sound (cddr entry) 'after) "end" end))))
(define (say-as-foreigner utt)
  (if foreign (begin
    (mapcar
      (lambda (sound) (foreign-sound sound (assoc_string (item.name sound) (cdr foreign))))
      (utt.relation.items utt 'Segment))
    (set! UniSyn_module_hooks nil)
    (PhoneSet.select (car foreign))
    (us_db_select (car foreign))))
  utt)
(set! after_analysis_hooks (list say-as-foreigner))
"""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose diphones they are.

    Attributes:
        database: Where they are, a file below festival's folder of voices.
        pitch_hz: What the speaker speaks at, on average.
        sounds: Which of the speaker's sounds, one or two, stand for one of the American's; those
            of the same name are left out. "pau" is silence.
    """

    database: str
    pitch_hz: int
    sounds: dict[str, str]


def _sounds(table: str) -> dict[str, str]:
    pairs = (entry.split(maxsplit=1) for entry in table.split(","))
    return {ours: theirs.strip() for ours, theirs in pairs}


_ITALIAN = _sounds(
    "pau #, aa O, ae a, ah a, ao O, ax e, eh E, er e r, ih i, iy i, uh u, uw u, "
    "aw a u, ay a i, ey e i, ow o u, oy O i, "
    "ch tS, dh d, hh #, jh dZ, ng n g, sh S, th t, y j, zh dZ"
)
_CZECH = _sounds(
    "pau #, aa a:, ae e, ah a, ao o:, ax e, eh e, er e r, ih i, iy i:, uh u, uw u:, "
    "aw a u, ay a j, ey e j, ow o u, oy o j, "
    "ch c~, dh d, hh h, jh dz~, ng n* g, sh s~, th t, w v, y j, zh z~"
)
_FINNISH = _sounds(
    "pau #, aa a:, ae @, ah a, ao o:, ax 7, eh e, er 7: r, ih i, iy i:, uh u, uw u:, "
    "aw a u, ay a i, ey e i, ow o u, oy o i, "
    "ch t s, dh d, hh h, jh t s, ng N, sh s, th t, w v, y j, z s, zh s"
)
_FINNISH_WITH_SH = _FINNISH | _sounds("ch t S, jh d S, sh S, w w, zh S")
_TELUGU = _sounds(
    "ae eh, ah a, ao oo, ax a, er a r, ey ee, ow oo, oy oh ih, "
    "d D, hh h, jh j, ng n g, t T, w v, z s, zh sh"
)

SPEAKERS = {
    "lp": Speaker("italian/lp_diphone/group/lp_diphone.group", 190, _ITALIAN),
    "pc": Speaker("italian/pc_diphone/group/pc_diphone.group", 120, _ITALIAN),
    "dita": Speaker("czech/czech_dita/group/dita.group", 222, _CZECH),
    "krb": Speaker("czech/czech_krb/group/krb.group", 258, _CZECH),
    "machac": Speaker("czech/czech_machac/group/machac.group", 75, _CZECH),
    "ph": Speaker("czech/czech_ph/group/ph.group", 136, _CZECH),
    "lj": Speaker("finnish/suo_fi_lj_diphone/group/ljlpc.group", 190, _FINNISH),
    "mv": Speaker("finnish/hy_fi_mv_diphone/group/mvlpc.group", 110, _FINNISH_WITH_SH),
    "nsk": Speaker("telugu/telugu_NSK_diphone/group/NSKlpc.group", 150, _TELUGU),
}


def definition(name: str, speaker: Speaker) -> str:
    """Return the Scheme that defines (voice_foreign_NAME)."""
    kept = AMERICAN - speaker.sounds.keys()
    theirs = sorted(kept.union(*(sounds.split() for sounds in speaker.sounds.values())))
    pairs = " ".join(_strings(ours, *new.split()) for ours, new in speaker.sounds.items())
    pause = speaker.sounds.get("pau", "pau")
    return f"""
(defPhoneSet {name} ((vc + -)) ({" ".join(f"({sound} -)" for sound in theirs)}))
(PhoneSet.silences '({pause}))
(us_diphone_init '((name "{name}") (index_file "{VOICES / speaker.database}") (grouped "true")
  (default_diphone "{pause}-{pause}")))
(define (voice_foreign_{name})
  (voice_kal_diphone)
  (set! foreign '({name} {pairs}))
  (set! int_lr_params '((target_f0_mean {speaker.pitch_hz}) (target_f0_std {speaker.pitch_hz / 8})
    (model_f0_mean 170) (model_f0_std 34))))
"""


def _strings(*words: str) -> str:
    quoted = " ".join(f'"{word}"' for word in words)
    return f"({quoted})"
