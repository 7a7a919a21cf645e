"""The event engine: people one by one, real queues for real places, compiled."""
