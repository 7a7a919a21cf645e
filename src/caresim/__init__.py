"""caresim: how people flow between acute, intermediate, community and residential care."""
