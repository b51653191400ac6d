"""What the bot does in the background, one job a file, and the port to the durable engine."""
