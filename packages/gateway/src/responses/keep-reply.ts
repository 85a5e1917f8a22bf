import { isJsonObject, SseReader, type GenerateRequest, type Json, type JsonObject } from "@dragoman/core";
import type { Call } from "../pipeline/call.ts";
import type { Interpreter } from "../pipeline/interpreter.ts";
import { InterpreterAround } from "../pipeline/interpreter-around.ts";
import type { Candidate } from "../routing/candidate.ts";
import type { Recollection } from "./recall.ts";
import { keepsReplies } from "./statefulness.ts";
import type { Transcript } from "./transcript-store.ts";

/** A reply on its way to the client. */
export interface KeepInput {
  readonly call: Call;
  readonly request: GenerateRequest;
  readonly candidate: Candidate;
}

/** Whether the client counts on finding this reply again, and only we can see to it. */
function isToBeKept({ call, request, candidate }: KeepInput): boolean {
  return call.dialect.transcripts !== undefined && request.state?.store !== false && !keepsReplies(call, candidate);
}

/** Keeps a whole reply, if the client may come back to it. */
export function keepWhole(input: KeepInput, reply: Json): void {
  if (isToBeKept(input) && isJsonObject(reply)) keep(input.call, reply);
}

/** Listens to a stream on its way to the client, and keeps the reply that its end tells. */
export function keepingStream(input: KeepInput, interpreter: Interpreter): Interpreter {
  return isToBeKept(input) ? new KeepingInterpreter(input.call, interpreter) : interpreter;
}

/** Keeps the reply that the text of a whole stream tells. */
export function keepToldStream(input: KeepInput, text: string): void {
  if (isToBeKept(input)) readerFor(input.call).push(text);
}

function readerFor(call: Call): SseReader {
  return new SseReader((frame) => {
    const reply = call.dialect.transcripts?.finishedReply(frame);
    if (reply !== undefined) keep(call, reply);
  });
}

const NOTHING: Partial<Recollection> = {};

/** Never fails the reply: one that is not kept is missed only later, and then in so many words. */
function keep(call: Call, reply: JsonObject): void {
  const { transcripts } = call.dialect;
  const { ports } = call.engine;
  const read = transcripts?.readReply(reply);
  if (transcripts === undefined || read === undefined || !isJsonObject(call.input.body)) return;
  const { previousId, conversationId, earlierItems } = call.recollection ?? NOTHING;
  const transcript: Transcript = {
    id: read.id,
    ...(previousId !== undefined && { previousId }),
    input: transcripts.ownItems(call.input.body).slice(earlierItems ?? 0),
    output: read.items,
    reply,
  };
  ports.background.run(save(call, transcript, conversationId).catch((cause: unknown) => {
    ports.logger.log("error", "transcript.lost", { requestId: call.requestId, response: read.id, cause: String(cause) });
  }));
}

async function save(call: Call, transcript: Transcript, conversationId: string | undefined): Promise<void> {
  const { ports, transcripts: store } = call.engine;
  const principal = call.principal.id;
  const kept = await store.save(principal, transcript);
  if (!kept) ports.logger.log("warn", "transcript.too-large", { requestId: call.requestId, response: transcript.id });
  if (conversationId === undefined || !kept) return;
  const conversation = await store.find(principal, conversationId);
  if (conversation !== undefined) await store.save(principal, { ...conversation, previousId: transcript.id });
}

/** Another interpreter's bytes, unchanged, with an ear for the finished reply. */
class KeepingInterpreter extends InterpreterAround {
  readonly #text = new TextDecoder();
  readonly #reader: SseReader;

  constructor(call: Call, inner: Interpreter) {
    super(inner);
    this.#reader = readerFor(call);
  }

  push(chunk: Uint8Array): Uint8Array | undefined {
    return this.#heard(this.inner.push(chunk));
  }

  end(): Uint8Array | undefined {
    return this.#heard(this.inner.end());
  }

  #heard(bytes: Uint8Array | undefined): Uint8Array | undefined {
    if (bytes !== undefined) this.#reader.push(this.#text.decode(bytes, { stream: true }));
    return bytes;
  }
}
