"""The wire: names, connections, limits, patience with a host."""
