"""What was said: posts in threads, found again, brought in and taken out."""
