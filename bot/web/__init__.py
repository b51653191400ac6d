"""The HTTP side: webhook, health."""
