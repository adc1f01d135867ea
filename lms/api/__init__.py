"""The HTTP API: the same scopes and actions as the pages."""
