"""Reading conversations back: the tickets with their parts and files, and once more the conversations that they are."""
