import type { JsonObject } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import type { CallWire, PartReader } from "./decode-parts.ts";
import { argumentNames, findTool } from "./tool-shapes.ts";
import { isSentinel, VENDOR } from "./wire.ts";

/** Reads the parts of an upstream's reply: its names and ids become the caller's again. */
export function createReplyReader(exchange: Exchange): PartReader {
  const used = new Set<string>();
  let lastServerCall = "";
  return {
    thoughtEcho: false,
    seal: (value) => (value === "" || isSentinel(value) ? undefined : { vendor: VENDOR, form: "thought-signature", value, model: exchange.upstreamModel, bindsTo: "self" }),
    call(wire) {
      const callId = distinct(wire.id === undefined ? exchange.newId("call_") : exchange.callIds.fromWire(wire.id), used);
      used.add(callId);
      return { callId, ...readCall(wire, exchange) };
    },
    result: (id, name) => ({ callId: id ?? name, variant: "function" }),
    serverCallId(id, isCall) {
      if (isCall) lastServerCall = id ?? exchange.newId("srvtoolu_");
      return id ?? lastServerCall;
    },
  };
}

/** Some upstreams give every call of a turn the same id. */
function distinct(callId: string, used: ReadonlySet<string>): string {
  let candidate = callId;
  for (let count = 2; used.has(candidate); count++) candidate = `${callId}_${count}`;
  return candidate;
}

function readCall({ name: wireName, args: wireArgs }: CallWire, exchange: Exchange): Omit<ReturnType<PartReader["call"]>, "callId"> {
  const { name, namespace } = exchange.names.fromWire(wireName);
  const identity = { name, ...(namespace !== undefined && { namespace }) };
  if (findTool(exchange, name, namespace)?.kind === "custom") return { ...identity, variant: "custom", argumentsText: freeText(wireArgs) };
  const args = argumentNames(exchange, name, namespace)?.fromWire(wireArgs) ?? wireArgs;
  return { ...identity, variant: "function", argumentsText: JSON.stringify(args), arguments: args };
}

/** The one argument under which a custom tool was declared. */
function freeText(args: JsonObject): string {
  return typeof args.input === "string" ? args.input : JSON.stringify(args);
}
