"""Where do real servers come from? PostgreSQL and Redis on demand, on Unix sockets, never left behind.

`redis.redis_server()` and `postgres.postgres_server()` start a server and hand it out; `supervisor` ties each
process to the life of its parent; `scratch` keeps throw-away files and sweeps what a killed process left.
"""
