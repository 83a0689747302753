"""How does the whole site run in one foreground process? Servers, web, workers and beat, started, watched, stopped."""
