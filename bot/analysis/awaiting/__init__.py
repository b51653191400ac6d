"""What calls give, of which class values are, and whether what must be awaited is."""
