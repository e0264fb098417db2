"""The one engine: policies over classes of pods become blocks of sources, destinations and ports."""
