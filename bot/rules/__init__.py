"""One rule a file, discovered; rules ask facts and never compute them, and never know each other."""
