"""Keeps everything, derives, publishes. Never fetches."""
