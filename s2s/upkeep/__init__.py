"""What keeps the site going: its own PostgreSQL, its processes, and the work that comes round by the clock."""
