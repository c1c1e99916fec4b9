"""`sotto serve`: speech to text for other programs, over HTTP and WebSocket.

One model serves everybody. Who uses it has the turn (`turns`): live sessions for one decode, files
for one run of a graph, so that a long file never keeps live text waiting. Nobody but these threads
waits for the model; asyncio's thread only takes sound in and hands text out.
"""
