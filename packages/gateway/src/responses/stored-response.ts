import { GatewayError, type JsonObject, type TranscriptFormat } from "@dragoman/core";
import type { Call } from "../pipeline/call.ts";
import type { Transcript } from "./transcript-store.ts";

/** What may be done with a stored reply, by method and the last word of the path. */
type Deed = (stored: Stored) => JsonObject | Promise<JsonObject>;

interface Stored {
  readonly call: Call;
  readonly format: TranscriptFormat;
  readonly transcript: Transcript;
}

const DEEDS: Readonly<Record<string, Deed>> = {
  "GET ": ({ transcript }) => transcript.reply ?? {},
  "GET input_items": ({ format, transcript }) => format.encodeItems(transcript.input, transcript.id),
  "DELETE ": async ({ call, format, transcript }) => {
    await call.engine.transcripts.remove(call.principal.id, transcript.id);
    return format.encodeDeleted(transcript.id);
  },
  // OpenAI refuses in the same way (seen in the field): only what runs in the background can be cancelled.
  "POST cancel": ({ transcript }) => {
    throw new GatewayError("invalid_request", { source: "client", path: "response_id", message: `Response ${transcript.id} was not made in the background: it is complete and cannot be cancelled.` });
  },
};

/** Answers from the store what clients ask of an earlier reply. */
export async function storedResponse(call: Call, id: string): Promise<JsonObject> {
  const format = call.dialect.transcripts;
  if (format === undefined) throw new GatewayError("not_implemented", { source: "client" });
  const word = /\/(cancel|input_items)$/.exec(call.input.path)?.[1] ?? "";
  const { method } = call;
  const deed = DEEDS[`${method === "HEAD" ? "GET" : method} ${word}`];
  if (deed === undefined) throw new GatewayError("method_not_allowed", { source: "client", message: `${call.input.path} does not take ${method}.` });
  const transcript = await call.engine.transcripts.find(call.principal.id, id);
  if (transcript?.reply === undefined) {
    throw new GatewayError("previous_response_not_found", {
      source: "client", status: 404, path: "response_id", message: `Response ${id} is not kept here: it was never made for this key, was sent with "store": false, is kept by its provider, or was made too long ago.`,
    });
  }
  return deed({ call, format, transcript });
}
