"""Edits of a file's text: on its lossless tree, or around single nodes."""
