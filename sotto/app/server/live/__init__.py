"""Live sessions: the WebSocket that takes sound and gives events."""
