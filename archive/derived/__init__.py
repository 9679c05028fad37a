"""From readings to reports: their versions, events, findings and what is due."""
