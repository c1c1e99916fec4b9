"""Where sound comes from: microphones, what the machine plays, files."""
