"""Parts of `sotto transcribe`: what is meant, how far it is, what comes of it."""
