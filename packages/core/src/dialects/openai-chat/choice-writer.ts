import type { AudioPart, Citation, Delta, ImagePart, Json, JsonObject, Part, Seal, TextPart, ToolCallPart } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { CallMemoryWriter } from "./call-memory.ts";
import { encodeAnnotation } from "./citations.ts";
import { imageNode, reportCitation, reportUntold, sealMembers, tokenLogprobs, type ReplyHabits } from "./reply.ts";
import type { ChatFinishReason } from "./wire.ts";

export interface ChoiceContext {
  readonly exchange: Exchange;
  readonly habits: ReplyHabits;
  readonly write: (text: string) => void;
}

/** How the pieces of the open part are written. */
type Voice = "text" | "refusal" | "reasoning" | "call" | "wrapped-call" | "custom-call" | "legacy-call" | "audio" | "silent";

/** Writes the chunks of one choice. */
export class ChoiceWriter {
  readonly #candidate: number;
  readonly #context: ChoiceContext;
  readonly #memory: CallMemoryWriter;
  /** Text of a chunk before and after what its delta holds. */
  #before = "";
  #after = "";
  #tail = "";
  #voice: Voice = "silent";
  /** Whether the open part has said anything. */
  #spoke = false;
  #calls = 0;
  #images = 0;
  #sealed = false;
  #reasoned = false;
  #summaryIndex = -1;
  /** UTF-16 units of content so far, and where the open text began in it. */
  #contentLength = 0;
  #textStart = 0;
  saidText = false;
  saidRefusal = false;

  constructor(candidate: number, context: ChoiceContext) {
    this.#candidate = candidate;
    this.#context = context;
    this.#memory = new CallMemoryWriter(context.exchange);
  }

  /** Sets what all chunks of the stream begin and end with. */
  frame(head: string, tail: string): void {
    this.#before = `${head}"choices":[{"index":${this.#candidate},"delta":{`;
    this.#tail = tail;
    this.#after = `},"logprobs":null,"finish_reason":null}]${tail}`;
  }

  /** Once, and first: a client that folds chunks needs to know whose message it is. */
  role(): void {
    this.#chunk('"role":"assistant","content":""');
  }

  /** `beside`: members of the chunk besides the choices, told once with the end. */
  finish(reason: ChatFinishReason, beside: JsonObject): void {
    const members = JSON.stringify(beside).slice(1, -1);
    this.#context.write(`${this.#before}},"logprobs":null,"finish_reason":"${reason}"}]${members === "" ? "" : `,${members}`}${this.#tail}`);
  }

  start(part: Part): void {
    this.#spoke = false;
    this.#sealed = false;
    switch (part.kind) {
      case "text":
        return this.#startText(part);
      case "refusal":
        this.#voice = "refusal";
        return this.#piece(part.text);
      case "reasoning":
        this.#voice = this.#context.habits.showsReasoning ? "reasoning" : "silent";
        this.#summaryIndex = -1;
        return this.#piece(part.text);
      case "tool-call":
        return this.#startCall(part);
      case "audio":
        return this.#startAudio(part);
      case "image":
        return this.#image(part);
      default:
        this.#voice = "silent";
        reportUntold(part, this.#candidate, this.#context.exchange);
    }
  }

  delta(delta: Delta): void {
    switch (delta.type) {
      case "text":
        return delta.logprobs === undefined ? this.#piece(delta.text) : this.#textWithLogprobs(delta.text, delta.logprobs);
      case "arguments":
        return this.#piece(delta.text);
      case "summary":
        if (this.#summaryIndex >= 0 && this.#summaryIndex !== delta.summaryIndex) this.#piece("\n\n");
        this.#summaryIndex = delta.summaryIndex;
        return this.#piece(delta.text);
      case "citation":
        return this.#citation(delta.citation);
      case "seal":
        return this.#seal(delta.seal);
      case "media":
        return this.#media(delta.data, delta.transcript);
    }
  }

  end(part: Part): void {
    this.#memory.push(part);
    if (part.kind === "reasoning") this.#reasoned ||= this.#spoke;
    if (part.kind !== "tool-call") return;
    this.#seal(part.seal);
    if (this.#voice === "wrapped-call") this.#chunk(this.#callDelta('"function":{"arguments":"\\"}"}'));
    else if (!this.#spoke && part.variant === "function") this.#piece("{}");
  }

  #chunk(delta: string): void {
    this.#context.write(this.#before + delta + this.#after);
  }

  /** One piece of text of the open part; nothing is written for nothing. */
  #piece(text: string): void {
    if (text === "") return;
    const json = JSON.stringify(text);
    switch (this.#voice) {
      case "text":
        this.#contentLength += text.length;
        this.saidText = true;
        this.#chunk(`"content":${json}`);
        break;
      case "reasoning":
        if (!this.#spoke && this.#reasoned) this.#chunk('"reasoning_content":"\\n\\n"');
        this.#chunk(`"reasoning_content":${json}`);
        break;
      case "refusal":
        this.saidRefusal = true;
        this.#chunk(`"refusal":${json}`);
        break;
      case "call":
        this.#chunk(this.#callDelta(`"function":{"arguments":${json}}`));
        break;
      case "wrapped-call":
        this.#chunk(this.#callDelta(`"function":{"arguments":${JSON.stringify(json.slice(1, -1))}}`));
        break;
      case "custom-call":
        this.#chunk(this.#callDelta(`"custom":{"input":${json}}`));
        break;
      case "legacy-call":
        this.#chunk(`"function_call":{"arguments":${json}}`);
        break;
      default:
        return;
    }
    this.#spoke = true;
  }

  #callDelta(members: string): string {
    return `"tool_calls":[{"index":${this.#calls - 1},${members}}]`;
  }

  #startText(part: TextPart): void {
    this.#voice = "text";
    this.#textStart = this.#contentLength;
    this.#piece(part.text);
    for (const citation of part.citations ?? []) this.#citation(citation);
  }

  #textWithLogprobs(text: string, value: Json): void {
    const logprobs = tokenLogprobs(value);
    if (logprobs === undefined || this.#voice !== "text") return this.#piece(text);
    this.#contentLength += text.length;
    this.saidText ||= text !== "";
    this.#spoke = true;
    this.#context.write(`${this.#before}"content":${JSON.stringify(text)}},"logprobs":{"content":${JSON.stringify(logprobs)},"refusal":null},"finish_reason":null}]${this.#tail}`);
  }

  /** Calls are counted by themselves: the SDK takes the index for a place in its list. */
  #startCall(call: ToolCallPart): void {
    const { habits, exchange } = this.#context;
    this.#calls += 1;
    if (habits.legacyCalls) return this.#startLegacyCall(call);
    this.#sealed = call.seal !== undefined;
    const custom = call.variant === "custom" && habits.customAs === "custom";
    this.#voice = custom ? "custom-call" : call.variant === "custom" ? "wrapped-call" : "call";
    const name = JSON.stringify(call.name);
    const body = custom ? `"type":"custom","custom":{"name":${name},"input":""}` : `"type":"function","function":{"name":${name},"arguments":""}`;
    const seal = JSON.stringify(sealMembers(call.seal, exchange)).slice(1, -1);
    this.#chunk(this.#callDelta(`"id":${JSON.stringify(call.callId)},${body}${seal === "" ? "" : `,${seal}`}`));
    if (this.#voice === "wrapped-call") this.#chunk(this.#callDelta('"function":{"arguments":"{\\"input\\":\\""}'));
    this.#piece(call.argumentsText);
  }

  /** The spelling of 2023 has room for one call. */
  #startLegacyCall(call: ToolCallPart): void {
    this.#voice = this.#calls === 1 ? "legacy-call" : "silent";
    this.#sealed = true;
    if (this.#voice === "legacy-call") this.#chunk(`"function_call":{"name":${JSON.stringify(call.name)},"arguments":""}`);
    else this.#context.exchange.report({ code: "parallel-call", path: `choices[${this.#candidate}].message.function_call`, action: "dropped", detail: `${call.name}: the client's spelling has room for one call` });
    this.#piece(call.argumentsText);
  }

  #seal(seal: Seal | undefined): void {
    if (seal === undefined || this.#sealed || (this.#voice !== "call" && this.#voice !== "wrapped-call" && this.#voice !== "custom-call")) return;
    this.#sealed = true;
    const members = JSON.stringify(sealMembers(seal, this.#context.exchange)).slice(1, -1);
    if (members !== "") this.#chunk(this.#callDelta(members));
  }

  #citation(citation: Citation): void {
    const annotation = encodeAnnotation(citation, this.#textStart, this.#contentLength - this.#textStart);
    if (annotation === undefined) reportCitation(this.#candidate, citation.type, this.#context.exchange);
    else this.#chunk(`"annotations":[${JSON.stringify(annotation)}]`);
  }

  #image(part: ImagePart): void {
    this.#voice = "silent";
    const node = imageNode(part, this.#images);
    if (node === undefined) return reportUntold(part, this.#candidate, this.#context.exchange);
    this.#images += 1;
    this.#chunk(`"images":[${JSON.stringify(node)}]`);
  }

  #startAudio(part: AudioPart): void {
    this.#voice = "audio";
    const { exchange } = this.#context;
    this.#chunk(`"audio":${JSON.stringify({ id: part.id ?? exchange.newId("audio_"), ...(part.expiresAt !== undefined && { expires_at: part.expiresAt }) })}`);
    if (part.source?.type === "base64") this.#media(part.source.data, part.transcript);
  }

  #media(data: string, transcript: string | undefined): void {
    if (this.#voice === "audio") this.#chunk(`"audio":${JSON.stringify({ ...(data !== "" && { data }), ...(transcript !== undefined && { transcript }) })}`);
  }
}
