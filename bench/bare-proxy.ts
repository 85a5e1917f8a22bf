// The least that a Bun proxy can do: no keys, no routing, no accounting. Prints its port.
export {};
const upstream = process.env.UPSTREAM;
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  idleTimeout: 0,
  async fetch(request) {
    const { pathname } = new URL(request.url);
    const reply = await fetch(`${upstream}${pathname}`, { method: "POST", headers: { "content-type": "application/json", authorization: "Bearer x" }, body: await request.text() });
    return new Response(reply.body, { headers: { "content-type": reply.headers.get("content-type") ?? "application/json" } });
  },
});
console.log(server.port);
