"""How a command meets a person: options, the terminal, progress, exits, signals."""
