"""The commands, a module for each group: each offers its own to the command line and loads nothing before it runs."""
