"""Mocks: which expressions are some, what they stand for, and who awaits what they give."""
