"""What Sotto does on Qt's thread without a window; knows no widgets."""
