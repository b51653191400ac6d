"""Which delivery starts which job. Pure: a delivery in, jobs out."""
