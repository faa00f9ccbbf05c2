"""The local Slack as one aiohttp.web application: `create_app(sandbox)` and `serve(host, port, ...)`.

Framework: **aiohttp.web** (not Starlette). Socket Mode needs a WebSocket server; uvicorn only has one when `websockets`
or `wsproto` is installed, and neither is a dependency, while aiohttp is. So a page registers aiohttp routes:
`bot.sandbox.page.page_routes(sandbox) -> list[aiohttp.web.RouteDef]`, handlers are
`async def handler(request: aiohttp.web.Request) -> aiohttp.web.StreamResponse`.
"""
