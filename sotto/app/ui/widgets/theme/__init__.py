"""How windows look: colours, sizes, icons, and changing them."""
