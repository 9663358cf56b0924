"""The demonstration: invented schools, people, pupils and files."""
