import type { Finish, GatewayErrorShape, GenerateEvent, JsonObject, Part, ReasoningPart, Seal, ServerToolCallPart, Usage } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { SSE_COMMENT } from "../../wire/sse.ts";
import type { StreamEncoder } from "../dialect.ts";
import { ClientCallWriter, createCallShapes, StreamedCallWriter, type CallShapes } from "./call-writer.ts";
import { DIALECT } from "./dialect-id.ts";
import { errorObject, responseError } from "./encode-error.ts";
import { encodeFinish, type WireEnd } from "./finish-reason.ts";
import { FrameWriter } from "./frame-writer.ts";
import type { OutputItemWriter, OutputScope } from "./item-writer.ts";
import { MessageWriter } from "./message-writer.ts";
import { ReasoningWriter } from "./reasoning-writer.ts";
import { ResponseObject, type ResponseState } from "./response-object.ts";
import { encodeUsage } from "./usage.ts";
import { serverItem, wholeItem, writeWholeItem } from "./whole-item.ts";

const REFUSAL = "The model refused to answer.";

/**
 * Writes a Responses stream in the exact order that strict clients demand: `created` first and empty, items serial with
 * dense indices, every delta inside an announced part, and a terminal object equal to the items that were told.
 * @see https://platform.openai.com/docs/api-reference/responses-streaming (read 2026-11)
 */
export class ResponsesStreamEncoder implements StreamEncoder {
  readonly #exchange: Exchange;
  readonly #frames: FrameWriter;
  readonly #response: ResponseObject;
  readonly #shapes: CallShapes;
  readonly #scope: OutputScope;
  readonly #items: JsonObject[] = [];
  readonly #itemTexts: string[] = [];
  #nextIndex = 0;
  #open: OutputItemWriter | undefined;
  /** A server tool's call waits for its result: they are one item. */
  #serverCall: ServerToolCallPart | undefined;
  /** The part that is being told stands in `#open`. */
  #inItem = false;
  #started = false;
  #ended = false;
  #usage: Usage | undefined;
  #finish: Finish | undefined;
  #hasRefusal = false;
  #brokenCall = false;
  #otherCandidate = false;
  /** The seal that stands before the part being told. */
  #carried: string | undefined;
  #last: ResponseState = { status: "in_progress" };

  constructor(exchange: Exchange, write: (text: string) => void) {
    this.#exchange = exchange;
    this.#frames = new FrameWriter(write);
    this.#response = new ResponseObject(exchange);
    this.#shapes = createCallShapes(exchange.request.tools);
    this.#scope = {
      exchange,
      frames: this.#frames,
      add: (item) => {
        const index = this.#nextIndex++;
        this.#frames.event("response.output_item.added", `"output_index":${index},"item":${JSON.stringify(item)}`);
        return index;
      },
      done: (item, index) => {
        const text = JSON.stringify(item);
        this.#items[index] = item;
        this.#itemTexts[index] = text;
        this.#frames.event("response.output_item.done", `"output_index":${index},"item":${text}`);
      },
    };
  }

  keepAlive(): string {
    return SSE_COMMENT;
  }

  /** The response as told so far; whole after the end. */
  response(): JsonObject {
    return this.#response.toJson(this.#last, this.#items);
  }

  push(event: GenerateEvent): void {
    if (this.#ended) return;
    switch (event.type) {
      case "part-delta":
        if (this.#inItem && event.candidate === 0) this.#delta(event);
        return;
      case "response-start":
        this.#start(event);
        return;
      case "part-start":
        if (this.#isFirst(event.candidate)) this.#partStart(event.part);
        return;
      case "part-end":
        if (event.candidate === 0) this.#partEnd(event.part);
        return;
      case "usage":
        this.#usage = event.usage;
        return;
      case "finish":
        if (event.candidate === 0) this.#finish = event.finish;
        return;
      case "residue":
        if (event.dialect === DIALECT) this.#response.merge(event.value);
        return;
      case "response-end":
        this.#end();
        return;
      case "error":
        this.#fail(event.error);
        return;
      case "ping":
    }
  }

  #delta(event: Extract<GenerateEvent, { type: "part-delta" }>): void {
    this.#open?.delta(event.delta);
  }

  #start(event: { readonly id: string; readonly createdAt?: number; readonly serviceTier?: string }): void {
    if (this.#started) return;
    this.#started = true;
    const id = event.id.startsWith("resp_") ? event.id : this.#exchange.newId("resp_");
    this.#response.begin(id, event.createdAt ?? Math.floor(this.#exchange.now / 1000), event.serviceTier);
    this.#tell("response.created", { status: "in_progress" });
    this.#tell("response.in_progress", { status: "in_progress" });
  }

  #tell(type: string, state: ResponseState): void {
    this.#last = state;
    this.#frames.event(type, `"response":${this.#response.toText(state, this.#itemTexts)}`);
  }

  #isFirst(candidate: number): boolean {
    if (candidate === 0) return true;
    if (!this.#otherCandidate) this.#exchange.report({ code: "further-candidates", path: "output", action: "dropped" });
    this.#otherCandidate = true;
    return false;
  }

  #partStart(part: Part): void {
    if (part.kind === "server-tool-result" && part.callId === this.#serverCall?.callId) return;
    this.#writeServerCall();
    if ((part.kind === "text" || part.kind === "tool-call") && part.seal !== undefined) this.#carry({ ...part.seal, bindsTo: "next", bindKind: part.kind });
    if (this.#open?.takes(part) !== true) {
      this.#close();
      this.#open = this.#writerFor(part);
    }
    this.#inItem = this.#open !== undefined;
    if (part.kind === "refusal") this.#hasRefusal = true;
    this.#open?.start(part);
  }

  #writerFor(part: Part): OutputItemWriter | undefined {
    switch (part.kind) {
      case "text":
      case "refusal":
        return new MessageWriter(this.#scope, part);
      case "reasoning":
        return new ReasoningWriter(this.#scope, part);
      case "tool-call": {
        const shape = this.#shapes.shapeOf(part);
        return typeof shape === "string" ? new StreamedCallWriter(this.#scope, part, shape === "custom") : new ClientCallWriter(this.#scope, part, shape);
      }
      default:
        return undefined;
    }
  }

  #partEnd(part: Part): void {
    if (!this.#inItem) {
      this.#wholePart(part);
      return;
    }
    this.#inItem = false;
    if (part.kind === "tool-call" && !part.complete) this.#brokenCall = true;
    this.#open?.end(part);
    if (part.kind === "text" || part.kind === "refusal") this.#sealAfter(part);
    else {
      this.#close();
      this.#sealAfter(part);
    }
  }

  /** A seal that came too late to stand before its part stands behind it. */
  #sealAfter(part: Part): void {
    if ((part.kind !== "text" && part.kind !== "tool-call") || part.seal === undefined || part.seal.value === this.#carried) return;
    const seal = part.seal;
    if (part.kind === "text" && part.text === "") this.#carry(seal);
    else this.#carry({ ...seal, bindsTo: "previous", bindKind: part.kind });
  }

  /** A reasoning item with nothing to read: this dialect's place for another vendor's seal of a call or a text. */
  #carry(seal: Seal): void {
    this.#close();
    this.#carried = seal.value;
    const part: ReasoningPart = { kind: "reasoning", text: "", textKind: "none", seal };
    const writer = new ReasoningWriter(this.#scope, part);
    writer.start(part);
    writer.close("completed");
  }

  #wholePart(part: Part): void {
    if (part.kind === "server-tool-call") {
      this.#serverCall = part;
      return;
    }
    if (part.kind === "server-tool-result" && part.callId === this.#serverCall?.callId) {
      this.#writeServerCall(part);
      return;
    }
    this.#writeServerCall();
    const item = wholeItem(part, this.#exchange);
    if (item !== undefined) writeWholeItem(item, this.#scope);
    else if (part.kind === "opaque" && part.fallbackText !== undefined) this.#say({ kind: "text", text: part.fallbackText });
    else if (part.kind !== "server-tool-result" || part.callId === "") this.#drop(part.kind);
  }

  #writeServerCall(result?: Extract<Part, { kind: "server-tool-result" }>): void {
    const call = this.#serverCall;
    if (call === undefined) return;
    this.#serverCall = undefined;
    const item = serverItem(call, result, this.#exchange);
    if (item === undefined) this.#drop(`${call.family} call`);
    else writeWholeItem(item, this.#scope);
  }

  #drop(detail: string): void {
    this.#exchange.report({ code: "unsupported-part", path: "output", action: "dropped", detail });
  }

  #say(part: Part): void {
    const writer = new MessageWriter(this.#scope, part);
    writer.start(part);
    writer.close("completed");
  }

  #close(status: "completed" | "incomplete" = "completed"): void {
    const open = this.#open;
    this.#open = undefined;
    open?.close(status);
  }

  #end(): void {
    this.#start({ id: "" });
    this.#writeServerCall();
    const finish = this.#finish ?? { reason: "other" };
    const end = this.#endOf(finish);
    this.#close(end.status === "completed" ? "completed" : "incomplete");
    if (finish.reason === "refusal" && !this.#hasRefusal) this.#refuse(finish);
    if (end.status === "failed") {
      this.#tellFailure(new GatewayError("upstream_server_error", { source: "upstream", ...(finish.explanation !== undefined && { message: finish.explanation }) }));
      return;
    }
    this.#ended = true;
    this.#tell(`response.${end.status}`, { status: end.status, incompleteReason: end.incompleteReason, usage: encodeUsage(this.#usage) });
  }

  /** Codex takes an incomplete response for a fault and asks again for ever (seen in the field). */
  #endOf(finish: Finish): WireEnd {
    const end = encodeFinish(finish.reason);
    if (end.incompleteReason !== "max_output_tokens" || this.#exchange.client.lengthAsCompleted !== true || this.#brokenCall) return end;
    if (this.#items.length === 0 && this.#open === undefined) return end;
    this.#exchange.report({ code: "length-as-completed", path: "status", action: "converted" });
    return { status: "completed" };
  }

  /** Others refuse by their stop reason alone; here it takes a refusal to be seen. */
  #refuse(finish: Finish): void {
    this.#exchange.report({ code: "refusal", path: "output", action: "synthesised" });
    this.#say({ kind: "refusal", text: finish.explanation ?? REFUSAL });
  }

  #fail(error: GatewayErrorShape): void {
    this.#start({ id: "" });
    const unsaid = this.#open?.unsaid;
    if (unsaid === undefined) this.#close("incomplete");
    else this.#keepUnsaid(unsaid());
    this.#tellFailure(error);
  }

  /** Clients execute what `output_item.done` names, so a call that broke off is only in the terminal object. */
  #keepUnsaid(item: JsonObject | undefined): void {
    if (item === undefined) return;
    this.#items.push(item);
    this.#itemTexts.push(JSON.stringify(item));
  }

  #tellFailure(error: GatewayErrorShape): void {
    this.#ended = true;
    const { message, code, param } = errorObject(error);
    if (this.#exchange.client.alsoErrorEvent === true) this.#frames.event("error", JSON.stringify({ code, message, param }).slice(1, -1));
    this.#tell("response.failed", { status: "failed", error: responseError(error), usage: this.#usage === undefined ? undefined : encodeUsage(this.#usage) });
  }
}
