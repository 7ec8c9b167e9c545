"""One script for each version; none is ever changed after it was released."""
