"""The local authorities and schools, the official lists of them, and how one is found."""
