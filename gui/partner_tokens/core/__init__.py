"""What the product knows and does, without Qt."""
