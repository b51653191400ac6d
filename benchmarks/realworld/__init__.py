"""What `awaited` says of well-kept projects, held against what their own pytest does."""
