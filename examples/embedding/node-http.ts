// Node: `node:http`, with Hono's adapter between its streams and the web's.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { openGateway } from "./gateway.ts";

const gateway = openGateway();

const server = createServer(getRequestListener((request, { incoming }) => gateway.fetch(request, { address: incoming.socket.remoteAddress })));
// A model may think for longer than Node waits.
server.requestTimeout = 0;
server.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`));

process.on("SIGTERM", () => {
  gateway.close();
  server.close();
});
