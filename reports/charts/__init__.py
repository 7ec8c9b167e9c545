"""Charts drawn as vectors, one file a kind. A chart knows positions and words, never a release."""
