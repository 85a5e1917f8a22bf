import type { DecodeContext } from "../../exchange.ts";
import type { PartReader } from "./decode-parts.ts";
import { openSignature } from "./seals.ts";

interface OpenCall {
  readonly callId: string;
  readonly name: string;
}

/**
 * Reads the parts of a client's history. Ids are optional here: a call without one gets an id from its place, the same
 * in every turn, so that prompt caches of other vendors hold; a result without one answers the oldest open call of its name.
 */
export function createHistoryReader(context: DecodeContext): PartReader {
  const open: OpenCall[] = [];
  let lastServerCall = "";
  let serverCalls = 0;
  return {
    thoughtEcho: context.client.dropThoughtEcho === true,
    seal: (value, path) => openSignature(value, path, context),
    call({ id, name, args }, path) {
      const callId = id ?? idFromPlace(path);
      open.push({ callId, name });
      return { callId, name, variant: "function", argumentsText: JSON.stringify(args), arguments: args };
    },
    result(id, name, path) {
      const at = open.findIndex((call) => (id === undefined ? call.name === name : call.callId === id));
      const [answered] = at < 0 ? [] : open.splice(at, 1);
      return { callId: answered?.callId ?? id ?? idFromPlace(path), variant: "function" };
    },
    serverCallId(id, isCall) {
      if (isCall) lastServerCall = id ?? `server_call_${++serverCalls}`;
      return id ?? lastServerCall;
    },
  };
}

/** `contents[3].parts[0]` → `call_3_0`. */
function idFromPlace(path: string): string {
  return `call_${(path.match(/\d+/g) ?? ["0"]).join("_")}`;
}
