"""Products with weights of a byte each; see the Mojo files."""
