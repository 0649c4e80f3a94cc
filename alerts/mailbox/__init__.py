"""The mailbox: delivery reports, mails that leave or confirm, newsletters as sources."""
