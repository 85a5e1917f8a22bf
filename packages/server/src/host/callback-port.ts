import { CallbackPortTaken, type CallbackPort } from "@dragoman/gateway";

/** Browsers may look up `localhost` either way. */
const LOOPBACK = ["127.0.0.1", "::1"] as const;

/** Ports of this machine, on its loopback addresses only. A machine without IPv6 has one of them. */
export const loopbackPort: CallbackPort = {
  async listen(port, handle) {
    const servers: Bun.Server<undefined>[] = [];
    try {
      for (const hostname of LOOPBACK) {
        const server = open(hostname, servers[0]?.port ?? port, handle);
        if (server !== undefined) servers.push(server);
      }
    } catch (error) {
      await Promise.all(servers.map((server) => server.stop(true)));
      throw error;
    }
    return {
      port: servers[0]?.port ?? port,
      close: async () => void (await Promise.all(servers.map((server) => server.stop()))),
    };
  },
};

/** @returns `undefined` when this machine has no such address @throws CallbackPortTaken */
function open(hostname: string, port: number, handle: (request: Request) => Response | Promise<Response>): Bun.Server<undefined> | undefined {
  try {
    return Bun.serve({ hostname, port, idleTimeout: 30, fetch: handle });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (hostname === "::1" && code !== "EADDRINUSE") return undefined;
    if (code === "EADDRINUSE" || code === "EACCES") throw new CallbackPortTaken(port);
    throw error;
  }
}
