import { createServer as createHttpServer, request as httpRequest } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import type { Listening } from "./running.ts";

/** A proxy on this machine that remembers where it was sent. */
export interface Proxy extends Listening {
  readonly url: string;
  readonly targets: string[];
}

type Serve = (client: Socket, first: Buffer, targets: string[]) => void;

function listenWith(scheme: string, serve: Serve): Promise<Proxy> {
  const targets: string[] = [];
  const server = createServer((client) => {
    client.on("error", () => client.destroy());
    client.once("data", (first) => serve(client, Buffer.from(first), targets));
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      const origin = `${scheme}://127.0.0.1:${port}`;
      resolve({ origin, url: origin, targets, close: async () => void server.close() });
    });
  });
}

function join(client: Socket, host: string, port: number, onOpen: (upstream: Socket) => void): void {
  const upstream = connect(port, host, () => {
    onOpen(upstream);
    client.pipe(upstream);
    upstream.pipe(client);
  });
  for (const [one, other] of [[client, upstream], [upstream, client]] as const) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
}

/** An HTTP proxy: CONNECT, and requests with a whole address. */
export function startHttpProxy(): Promise<Proxy> {
  return listenWith("http", (client, first, targets) => {
    const head = first.toString("latin1");
    const [method = "", target = ""] = head.split(" ", 2);
    const url = new URL(method === "CONNECT" ? `http://${target}` : target);
    targets.push(url.host);
    join(client, url.hostname, Number(url.port || 80), (upstream) => {
      if (method === "CONNECT") client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      else upstream.write(Buffer.from(head.replace(target, url.pathname + url.search).replace(/^proxy-[^\r\n]*\r\n/gim, ""), "latin1"));
    });
  });
}

const NO_AUTH = 0;
const BY_PASSWORD = 2;

/** A SOCKS5 server (RFC 1928); with a user also RFC 1929. */
export async function startSocksProxy(user?: { readonly name: string; readonly password: string }): Promise<Proxy> {
  const proxy = await listenWith("socks5", (client, greeting, targets) => {
    const method = user === undefined ? NO_AUTH : BY_PASSWORD;
    if (!greeting.subarray(2).includes(method)) return client.end(Buffer.from([5, 255]));
    const onRequest = (request: Buffer): void => {
      const isName = request[3] === 3;
      const length = isName ? (request[4] ?? 0) : 4;
      const start = isName ? 5 : 4;
      const host = isName ? request.subarray(start, start + length).toString() : [...request.subarray(start, start + length)].join(".");
      const port = request.readUInt16BE(start + length);
      targets.push(`${host}:${port}`);
      join(client, host, port, () => client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])));
    };
    client.write(Buffer.from([5, method]));
    if (user === undefined) return void client.once("data", onRequest);
    client.once("data", (login: Buffer) => {
      const nameLength = login[1] ?? 0;
      const name = login.subarray(2, 2 + nameLength).toString();
      const password = login.subarray(3 + nameLength).toString();
      const isGood = name === user.name && password === user.password;
      client.write(Buffer.from([1, isGood ? 0 : 1]));
      if (isGood) client.once("data", onRequest);
      else client.end();
    });
  });
  return user === undefined ? proxy : { ...proxy, url: proxy.url.replace("//", `//${user.name}:${encodeURIComponent(user.password)}@`) };
}

/** An HTTP proxy for addresses without TLS, which notes every request also where several come over one connection. */
export function startForwardingProxy(): Promise<Proxy> {
  const targets: string[] = [];
  const server = createHttpServer((request, response) => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host ?? ""}`);
    targets.push(url.host);
    const onward = httpRequest(url, { method: request.method, headers: request.headers, agent: false }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      const origin = `http://127.0.0.1:${port}`;
      resolve({
        origin, url: origin, targets,
        async close() {
          server.closeAllConnections();
          server.close();
        },
      });
    });
  });
}
