"""One model for all: who has it now, who waits for it, and in what order."""
