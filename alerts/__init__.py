"""From a stored story to a delivered message."""
