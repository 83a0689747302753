"""What has a learner predicted and done? An append-only record; it knows nobody above it."""
