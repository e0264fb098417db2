"""Questions to the engine: all connections, one pair, exposure, the difference of two versions."""
