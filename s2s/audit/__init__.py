"""Who did what, to which file, from where: append-only and hash-chained."""
