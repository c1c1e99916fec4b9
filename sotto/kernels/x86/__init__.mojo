"""What x86 processors have for sums of byte products, and which of it may be used."""
