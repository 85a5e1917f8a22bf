import type { GenerateRequest, Message } from "@dragoman/core";
import type { Call } from "../pipeline/call.ts";
import type { GatheredHooks } from "./gather-hooks.ts";
import { contextOf } from "./call-context.ts";

export interface Revised {
  readonly call: Call;
  readonly request: GenerateRequest;
}

/** The request as the hooks want it, one after the other. Where none wants a change, call and request stay the same objects. */
export async function reviseRequest(call: Call, request: GenerateRequest, hooks: NonNullable<GatheredHooks["request"]>): Promise<Revised> {
  const context = contextOf(call);
  let revised = request;
  for (const hook of hooks) revised = (await hook(revised, context)) ?? revised;
  return revised === request ? { call, request } : { call: { ...call, rewritten: true }, request: withFreshSources(request, revised) };
}

/**
 * Nodes know the words that they were decoded from, and a dialect writes those back as they are. What a hook made anew
 * from such a node must not be said in the old words.
 */
function withFreshSources(before: GenerateRequest, after: GenerateRequest): GenerateRequest {
  const known = new Set<object>([...before.tools, ...before.messages, ...before.messages.flatMap(({ parts }) => parts)]);
  const fresh = <N extends { readonly wire?: unknown }>(node: N): N => (known.has(node) || node.wire === undefined ? node : { ...node, wire: undefined });
  const freshMessage = (message: Message): Message => (known.has(message) ? message : { ...fresh(message), parts: message.parts.map(fresh) });
  return { ...after, tools: after.tools.map(fresh), messages: after.messages.map(freshMessage) };
}
