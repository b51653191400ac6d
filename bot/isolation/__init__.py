"""The analysis in a process of its own, whose death is survived and which holds no secret."""
