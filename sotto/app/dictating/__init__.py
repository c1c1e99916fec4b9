"""From sound to text and on into applications; knows no Qt."""
