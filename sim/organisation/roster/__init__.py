"""Real staff lists: reading, understanding and checking them."""
