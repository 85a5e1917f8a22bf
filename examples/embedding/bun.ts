// Bun: the gateway is the server.
import { openGateway } from "./gateway.ts";

const gateway = openGateway();

const server = Bun.serve({
  port: Number(process.env.PORT ?? 3000),
  hostname: "127.0.0.1",
  // A model may think for longer than a connection may be silent.
  idleTimeout: 0,
  fetch: (request, host) => gateway.fetch(request, { address: host.requestIP(request)?.address }),
});
console.log(`listening on ${server.url.origin}`);

process.on("SIGTERM", () => {
  gateway.close();
  void server.stop();
});
