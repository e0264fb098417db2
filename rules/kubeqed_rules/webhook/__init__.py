"""Rules that judge what the API server calls: webhooks, and APIs that a Service serves."""
