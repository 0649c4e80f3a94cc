"""What Slack's readers can do, whichever way their clicks and commands reach us."""
