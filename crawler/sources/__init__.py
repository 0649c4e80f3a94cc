"""What is watched: the shipped catalogue, lists in and out, and when a poll is due."""
