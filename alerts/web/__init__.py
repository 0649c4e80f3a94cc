"""The web side: a small server-rendered application over the same functions as the commands."""
