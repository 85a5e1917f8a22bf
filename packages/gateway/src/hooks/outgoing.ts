import { pathOf } from "../http/request-target.ts";
import type { CallObserver } from "../observe/call-observer.ts";
import type { Engine } from "../pipeline/call.ts";
import type { Ports } from "../ports.ts";
import { isolated, type GatheredHooks } from "./gather-hooks.ts";

/** Shows a reply to the hooks, which may add to its headers. Without hooks it is the same promise. */
export function showReply(request: Request, replying: Promise<Response>, { hooks, ports }: Pick<Engine, "hooks" | "ports">): Promise<Response> {
  return hooks?.response === undefined ? replying : shown(request, replying, { hooks: hooks.response, logger: ports.logger });
}

async function shown(request: Request, replying: Promise<Response>, { hooks, logger }: { readonly hooks: NonNullable<GatheredHooks["response"]>; readonly logger: Ports["logger"] }): Promise<Response> {
  const reply = await replying;
  const { status, headers } = reply;
  const outgoing = { requestId: headers.get("x-request-id") ?? "", method: request.method, path: pathOf(request.url), status, headers };
  for (const hook of hooks) await isolated("response", logger, () => hook(outgoing));
  return reply;
}

/** Tells the hooks of every attempt, whatever the configuration says about statistics. */
export function usageTeller(hooks: NonNullable<GatheredHooks["usage"]>, { logger, background }: Pick<Ports, "logger" | "background">): CallObserver {
  return {
    attemptEnded(_call, record) {
      for (const hook of hooks) {
        const telling = isolated("usage", logger, () => hook(record));
        if (telling !== undefined) background.run(telling);
      }
    },
  };
}
