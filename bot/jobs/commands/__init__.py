"""The language of `/fix-async`: what can be written, how it is read, and its manual. Pure."""
