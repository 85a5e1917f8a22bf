import { wantsSocket, type Gateway } from "@dragoman/gateway";
import type { AdminSite } from "../admin/admin-site.ts";
import { openSocket, socketHandlers } from "./sockets.ts";

export interface ServeOptions {
  readonly gateway: Gateway;
  /** The web interface; asked first. */
  readonly site: AdminSite;
  /** Empty: every address of this machine. */
  readonly hostname: string;
  readonly port: number;
  readonly maxBodyBytes: number;
  readonly tls?: { readonly cert: string; readonly key: string };
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Stops accepting, lets running requests finish for `graceMs`, then cuts what is left. Resolves when all is closed. */
  stop(graceMs: number): Promise<void>;
}

/** The porch: Bun's sockets on one side, Request and Response on the other. */
export function serve(options: ServeOptions): RunningServer {
  const server = options.hostname === "" ? listenEverywhere(options) : listen(options, options.hostname, options.port);
  const port = server.port ?? options.port;
  const servers = [server, ...(THIS_MACHINE.has(options.hostname.toLowerCase()) ? listenAlso(options, OTHER_LOOPBACK[server.hostname ?? ""] ?? "::1", port) : [])];
  return {
    url: server.url.href.replace(/\/$/, ""),
    port,
    async stop(graceMs) {
      const stopped = Promise.all(servers.map((each) => each.stop(false)));
      const late = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), graceMs).unref());
      if ((await Promise.race([stopped, late])) === "late") await Promise.all(servers.map((each) => each.stop(true)));
    },
  };
}

/** `localhost` may be either of two addresses; whoever listens at the one is found at the other, too. */
const THIS_MACHINE: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "0.0.0.0"]);
const OTHER_LOOPBACK: Readonly<Record<string, string>> = { "::1": "127.0.0.1", "[::1]": "127.0.0.1" };

/** Both families of addresses at once, where there are both. @throws when the port is taken, or not for this user */
function listenEverywhere(options: ServeOptions): Server {
  try {
    return listen(options, "::", options.port);
  } catch (error) {
    if (["EADDRINUSE", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return listen(options, "0.0.0.0", options.port);
  }
}

/** Nothing where there is no such family of addresses, or another program has the port there. */
function listenAlso(options: ServeOptions, hostname: string, port: number): readonly Server[] {
  try {
    return [listen(options, hostname, port)];
  } catch {
    return [];
  }
}

type Server = ReturnType<typeof listen>;

function listen({ gateway, site, ...options }: ServeOptions, hostname: string, port: number) {
  return Bun.serve({
    hostname,
    port,
    // Streams may be silent for as long as a model thinks; the relay has its own watch.
    idleTimeout: 0,
    maxRequestBodySize: options.maxBodyBytes + 1_048_576,
    ...(options.tls !== undefined && { tls: { cert: Bun.file(options.tls.cert), key: Bun.file(options.tls.key) } }),
    websocket: socketHandlers,
    fetch: (request, server) => site(request) ?? (wantsSocket(request.headers) ? openSocket(gateway, request, plainAddress(server.requestIP(request)?.address), server) : undefined) ?? gateway.fetch(request, { address: plainAddress(server.requestIP(request)?.address) }),
    error: () => new Response('{"error":{"message":"Something went wrong inside the gateway.","type":"server_error","param":null,"code":"internal"}}', { status: 500, headers: { "content-type": "application/json" } }),
  });
}

/** Dual-stack sockets tell an IPv4 peer as an IPv6 one. */
function plainAddress(address: string | undefined): string | undefined {
  return address?.startsWith("::ffff:") === true ? address.slice("::ffff:".length) : address;
}
