"""The people who sign in, what opens the door for them, and who acts."""
