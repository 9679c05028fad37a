"""Finds reports and brings bytes home. Knows sites; knows no table."""
