"""What is done to a sound, how often and how much."""

from dataclasses import dataclass, fields

from tools.starter.augment.sound import Range


@dataclass(frozen=True, slots=True)
class AugmentationSettings:
    """Probabilities (`*_probability`) and ranges, which are drawn from anew for each sound.

    A table of TOML has the same keys: `AugmentationSettings(**table)`.
    """

    # --- the voice ---
    # Synthetic voices are spoken at few rates; people range from 3 to 7 syllables a second.
    warp_factor: Range = (0.85, 1.2)
    # People's pitch wanders more than a rule's does; 6 % is a semitone.
    warp_contour: float = 0.06
    # From one pulse of the glottis to the next it trembles; formant synthesis has no such jitter.
    warp_jitter: float = 0.01
    # Stress and running out of breath: a voice is not level within a sentence.
    loudness_probability: float = 0.4
    loudness_db: Range = (0.5, 4.0)
    # Above some kilohertz voices hiss rather than buzz; formant synthesis buzzes throughout.
    roughness_probability: float = 0.25
    roughness_from_hz: Range = (1_500.0, 5_000.0)
    roughness: Range = (0.2, 1.0)  # of the power there; at 1 nothing is left of the buzz
    # Formant synthesis lacks the air that escapes through the glottis.
    breath_probability: float = 0.3
    breath_db: Range = (-36.0, -18.0)  # against the voice

    # --- the room ---
    # Half of what is dictated is so close to the microphone that the room is not heard.
    room_probability: float = 0.5
    rt60_s: Range = (0.1, 0.9)  # from a car to a large bare office
    direct_to_reverberant_db: Range = (-3.0, 15.0)  # from across the room to at arm's length

    # --- noise ---
    noise_probability: float = 0.8
    second_noise_probability: float = 0.3
    snr_db: Range = (0.0, 35.0)
    usual_snr_db: float = 18.0  # a laptop on a desk; nine of ten lie between 8 and 30

    # --- the microphone ---
    microphone_probability: float = 0.8
    equaliser_db: float = 10.0  # at most, up or down; between third octaves of cheap capsules
    # From 100 Hz to 8 kHz; synthetic voices are duller than people near a microphone.
    tilt_db: Range = (-6.0, 12.0)
    high_pass_hz: Range = (20.0, 300.0)
    low_pass_probability: float = 0.4  # others hear all that 16 kHz can hold
    low_pass_hz: Range = (3_400.0, 8_000.0)
    drift_probability: float = 0.3
    drift_db: Range = (0.5, 3.0)  # a head that turns
    offset_probability: float = 0.1
    offset: Range = (-0.02, 0.02)  # of cheap converters, against full scale

    # --- what comes after ---
    spectral_codec_probability: float = 0.15  # MP3, Opus and AAC at low rates
    spectral_codec_floor_db: Range = (12.0, 36.0)  # below a band's peak, where bins are dropped
    telephone_probability: float = 0.05
    mu_law_probability: float = 0.06
    low_bits_probability: float = 0.06
    low_bits: Range = (7.0, 12.0)
    # Whisper's features see the level, and people do not set it.
    level_db: Range = (-35.0, 0.0)  # of the peak, against full scale
    clipping_probability: float = 0.1
    clipping_db: Range = (1.0, 12.0)  # how far the peak would be above full scale
    dropout_probability: float = 0.03
    dropout_ms: Range = (10.0, 30.0)  # a packet or two of a call

    def __post_init__(self) -> None:
        """Check, and turn the lists of TOML into tuples.

        Raises:
            ValueError: a probability is outside 0..1, or a range is not lowest, highest.
        """
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, list):
                value = tuple(value)
                object.__setattr__(self, field.name, value)
            if isinstance(value, tuple) and (len(value) != 2 or value[0] > value[1]):
                raise ValueError(f"{field.name} must be [lowest, highest], not {value}")
            if field.name.endswith("_probability") and not 0 <= value <= 1:
                raise ValueError(f"{field.name} must be between 0 and 1, not {value}")
