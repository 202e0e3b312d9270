"""What several stages know of a language: codes, names and scripts."""
