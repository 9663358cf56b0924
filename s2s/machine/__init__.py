"""The machine that runs the site: its own PostgreSQL, the processes and the files a browser needs. No Django here."""
