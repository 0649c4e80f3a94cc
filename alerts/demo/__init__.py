"""The demo: saved sites, a Slack and a mail server on loopback; tests use them too."""
