"""The core: source text in, findings out. No files, no network, no clock, no environment."""
