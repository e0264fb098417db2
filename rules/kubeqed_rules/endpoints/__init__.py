"""Rules that judge Endpoints and EndpointSlices."""
