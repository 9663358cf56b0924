"""Every e-mail the site sends: queued in the transaction that is its reason, sent by the worker."""
