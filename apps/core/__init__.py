"""What every page shares: request ids, outages, health, static files, Redis clients. No models."""
