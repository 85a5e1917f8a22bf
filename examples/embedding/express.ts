// Express 5: the gateway below a path, beside other routes. Express takes the path of the mount off the URL.
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import { openGateway } from "./gateway.ts";

const gateway = openGateway();
const app = express();

// Before any `express.json()`: the gateway reads bodies itself.
app.use("/llm", getRequestListener((request, { incoming }) => gateway.fetch(request, { address: incoming.socket.remoteAddress })));
app.use(express.json());
app.post("/echo", (request, response) => response.json({ echo: request.body }));

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`));

process.on("SIGTERM", () => {
  gateway.close();
  server.close();
});
