"""What a name or an expression stands for: through assignments, imports and packages."""
