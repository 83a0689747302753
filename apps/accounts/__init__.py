"""Who is this? Users, and the learner behind each browser, signed in or not."""
