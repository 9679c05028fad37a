"""What the scripts of a page would ask for: run in a sandbox that has no network, no files and nothing of ours."""
