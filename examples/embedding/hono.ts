// Hono, here on Bun: the gateway is a handler among others. The URL keeps the path, so the gateway is told of it.
import { Hono } from "hono";
import { openGateway } from "./gateway.ts";

const gateway = openGateway("/llm");

const app = new Hono();
app.get("/", (context) => context.text("hello"));
app.all("/llm/*", (context) => gateway.fetch(context.req.raw));

const server = Bun.serve({ port: Number(process.env.PORT ?? 3000), hostname: "127.0.0.1", idleTimeout: 0, fetch: app.fetch });
console.log(`listening on ${server.url.origin}`);

process.on("SIGTERM", () => {
  gateway.close();
  void server.stop();
});
