import { serve, type RunningServer } from "../../../packages/server/src/host/serve.ts";
import { startAccountWorld, type AccountWorld, type AccountWorldOptions } from "./account-world.ts";

/** An account world behind the server's own porch, which also opens websockets. */
export interface ServedWorld extends AccountWorld {
  readonly server: RunningServer;
}

export async function startServedWorld(options: AccountWorldOptions): Promise<ServedWorld> {
  const world = await startAccountWorld(options);
  const server = serve({ gateway: world.gateway, site: () => undefined, hostname: "127.0.0.1", port: 0, maxBodyBytes: world.config.limits["max-body-bytes"] });
  return {
    ...world, server,
    async close() {
      world.gateway.close();
      await server.stop(0);
      await world.close();
    },
  };
}
