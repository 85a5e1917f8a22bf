import { createServer, type Socket } from "node:net";
import { SocksClient } from "socks";

const bridges = new Map<string, Promise<string>>();

/**
 * An HTTP proxy on loopback that reaches the world through a SOCKS5 server, since Bun's fetch knows no SOCKS
 * (Bun 1.4, read 2026-11). One for each SOCKS address, kept for the life of the process. It takes only CONNECT and
 * absolute-form requests that carry its own random password.
 * @returns the bridge's URL, for fetch's `proxy` option
 */
export function socksBridge(proxyUrl: string): Promise<string> {
  let bridge = bridges.get(proxyUrl);
  if (bridge === undefined) {
    bridge = startBridge(proxyUrl);
    bridges.set(proxyUrl, bridge);
  }
  return bridge;
}

function startBridge(proxyUrl: string): Promise<string> {
  const password = crypto.randomUUID();
  const expected = `basic ${Buffer.from(`bridge:${password}`).toString("base64")}`.toLowerCase();
  const server = createServer((client) => {
    // Connections that are kept for the next request must not keep the process alive.
    client.unref();
    client.on("error", () => client.destroy());
    void serveClient(client, proxyUrl, expected).catch(() => client.destroy());
  });
  server.unref();
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("the bridge has no port"));
      else resolve(`http://bridge:${password}@127.0.0.1:${address.port}`);
    });
  });
}

async function serveClient(client: Socket, proxyUrl: string, expected: string): Promise<void> {
  const { head, rest } = await readHead(client);
  const [requestLine = "", ...lines] = head.split("\r\n");
  const [method = "", target = "", version = "HTTP/1.1"] = requestLine.split(" ");
  const isOurs = lines.some((line) => line.toLowerCase() === `proxy-authorization: ${expected}`);
  if (!isOurs) {
    client.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
    return;
  }
  const isTunnel = method === "CONNECT";
  const url = new URL(isTunnel ? `http://${target}` : target);
  const port = Number(url.port || 80);
  const upstream = await dial(proxyUrl, url.hostname.replace(/^\[|\]$/g, ""), isTunnel ? Number(target.slice(target.lastIndexOf(":") + 1)) : port);
  upstream.unref();
  upstream.on("error", () => client.destroy());
  upstream.on("close", () => client.destroy());
  client.on("close", () => upstream.destroy());
  if (isTunnel) client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
  else upstream.write(`${[`${method} ${url.pathname}${url.search} ${version}`, ...lines.filter((line) => !/^proxy-/i.test(line))].join("\r\n")}\r\n\r\n`);
  if (rest.length > 0) upstream.write(rest);
  client.pipe(upstream);
  upstream.pipe(client);
}

async function dial(proxyUrl: string, host: string, port: number): Promise<Socket> {
  const proxy = new URL(proxyUrl);
  const { socket } = await SocksClient.createConnection({
    command: "connect",
    proxy: {
      host: proxy.hostname,
      port: Number(proxy.port || 1080),
      type: 5,
      ...(proxy.username !== "" && { userId: decodeURIComponent(proxy.username), password: decodeURIComponent(proxy.password) }),
    },
    destination: { host, port },
    timeout: 30_000,
  });
  return socket;
}

/** Longest head that a client of the bridge may send, in bytes. */
const MAX_HEAD = 65_536;

function readHead(client: Socket): Promise<{ head: string; rest: Buffer }> {
  return new Promise((resolve, reject) => {
    let buffer = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      buffer = Buffer.concat([buffer, chunk]);
      const end = buffer.indexOf("\r\n\r\n");
      if (end < 0) {
        if (buffer.length > MAX_HEAD) reject(new Error("head too long"));
        return;
      }
      client.off("data", onData);
      client.pause();
      resolve({ head: buffer.subarray(0, end).toString("latin1"), rest: buffer.subarray(end + 4) });
    };
    client.on("data", onData);
    client.on("close", () => reject(new Error("closed")));
  });
}
