"""What the files of a project are called, in its folder."""

TEXT, PEAKS, SOUND = "text.json", "peaks.npy", "sound.i16"
