import {
  isJsonObject, type CompactionPart, type JsonObject, type Part, type ReasoningPart, type Seal, type TextPart, type ToolCallPart, type ToolResultPart,
} from "../../canonical/index.ts";
import type { Turn } from "../../conversation/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { encodeCitation } from "./annotations.ts";
import { DIALECT, fromOwnWire } from "./dialect-id.ts";
import { encodeInputPart, type ContentRules } from "./encode-content.ts";

export interface ItemRules extends ContentRules {
  /** The caller speaks this dialect too: names and ids are legal already, namespaces are known. */
  readonly native: boolean;
}

/** Writes turns as items. Item ids are left out: without a store the API does not know them (seen in the field). */
export class ItemWriter {
  readonly items: JsonObject[] = [];
  readonly #rules: ItemRules;
  readonly #exchange: Exchange;
  readonly #customCalls = new Set<string>();
  #content: JsonObject[] = [];
  #role = "user";
  #phase: string | null | undefined;
  #turnStart = 0;

  constructor(rules: ItemRules) {
    this.#rules = rules;
    this.#exchange = rules.exchange;
  }

  write(turn: Turn): void {
    this.#role = turn.role === "system" ? "developer" : turn.role;
    this.#phase = turn.phase;
    this.#turnStart = this.items.length;
    if (turn.name !== undefined) this.#exchange.report({ code: "message-name", path: turn.parts[0]?.path ?? "", action: "dropped", detail: turn.name });
    for (const part of turn.parts) {
      if (turn.role === "assistant") this.#assistantPart(part);
      else this.#userPart(part);
    }
    this.#flush();
    if (turn.role === "assistant") this.#dropLooseReasoning();
  }

  #flush(): void {
    if (this.#content.length === 0) return;
    const content = this.#content;
    this.#content = [];
    this.items.push({ type: "message", role: this.#role, content, ...(this.#phase !== undefined && { phase: this.#phase }) });
  }

  #item(item: JsonObject): void {
    this.#flush();
    this.items.push(item);
  }

  #userPart(part: Part): void {
    switch (part.kind) {
      case "tool-result":
        this.#item(this.#result(part));
        return;
      case "compaction":
        this.#compaction(part);
        return;
      case "opaque":
        if (part.dialect === DIALECT && isItem(part.type)) this.#item(part.value as JsonObject);
        else this.#content.push(...encodeInputPart(part, this.#rules));
        return;
      default:
        this.#content.push(...encodeInputPart(part, this.#rules));
    }
  }

  #assistantPart(part: Part): void {
    switch (part.kind) {
      case "text":
        if (part.text !== "") this.#content.push({ type: "output_text", text: part.text, ...this.#annotations(part) });
        return;
      case "refusal":
        this.#content.push({ type: "refusal", refusal: part.text });
        return;
      case "reasoning":
        this.#reasoning(part);
        return;
      case "tool-call":
        this.#call(part);
        return;
      case "compaction":
        this.#compaction(part);
        return;
      case "opaque":
        if (part.dialect === DIALECT) this.#item(part.value as JsonObject);
        else if (part.fallbackText !== undefined) this.#content.push({ type: "output_text", text: part.fallbackText });
        else this.#drop(part, part.type);
        return;
      default: {
        const item = fromOwnWire(part.wire);
        if (isJsonObject(item)) this.#item(withoutId(item));
        else if (part.kind !== "server-tool-result" || !this.#followsItsCall(part.callId)) this.#drop(part, part.kind);
      }
    }
  }

  #annotations(part: TextPart): { annotations?: readonly JsonObject[] } {
    const annotations = part.citations?.flatMap((citation): readonly JsonObject[] => {
      const annotation = encodeCitation(citation);
      if (annotation === undefined) this.#drop(part, `${citation.type} citation`);
      return annotation === undefined ? [] : [annotation];
    });
    return annotations === undefined || annotations.length === 0 ? {} : { annotations };
  }

  /** The item of the call holds the result too. */
  #followsItsCall(callId: string): boolean {
    const last = this.items.at(-1);
    return callId !== "" && last !== undefined && typeof last.type === "string" && last.type.endsWith("_call") && last.call_id === undefined;
  }

  #drop(part: Part, detail: string): void {
    this.#exchange.report({ code: "unsupported-part", path: part.path ?? "", action: "dropped", detail });
  }

  /** Sealed by this vendor it goes along, with nothing readable: plain text is refused in the input (seen in the field). */
  #reasoning(part: ReasoningPart): void {
    const { seal } = part;
    if (seal !== undefined && seal.vendor === this.#exchange.upstreamVendor) {
      this.#item(reasoningItem(seal));
      return;
    }
    if (part.text !== "" && this.#exchange.policy.reasoningAsText) {
      this.#exchange.report({ code: "foreign-reasoning", path: part.path ?? "", action: "converted", detail: "as text" });
      this.#content.push({ type: "output_text", text: part.text });
      return;
    }
    this.#exchange.report({ code: "foreign-reasoning", path: part.path ?? "", action: "dropped", detail: seal === undefined ? "not sealed" : `sealed by ${seal.vendor}` });
  }

  #call(part: ToolCallPart): void {
    this.#flush();
    const source = fromOwnWire(part.wire);
    if (isJsonObject(source) && this.#rules.native) {
      this.items.push(withoutId(source));
      return;
    }
    const { exchange, native } = this.#rules;
    const name = native ? { name: part.name, ...(part.namespace !== undefined && { namespace: part.namespace }) } : { name: exchange.names.toWire(part.name, part.namespace) };
    const call_id = native ? part.callId : exchange.callIds.toWire(part.callId);
    if (part.variant === "custom") {
      this.#customCalls.add(part.callId);
      this.items.push({ type: "custom_tool_call", call_id, ...name, input: part.argumentsText });
    } else {
      this.items.push({ type: "function_call", call_id, ...name, arguments: part.argumentsText.trim() === "" ? "{}" : part.argumentsText });
    }
  }

  #result(part: ToolResultPart): JsonObject {
    const custom = part.variant === "custom" || this.#customCalls.has(part.callId);
    return {
      type: custom ? "custom_tool_call_output" : "function_call_output",
      call_id: this.#rules.native ? part.callId : this.#exchange.callIds.toWire(part.callId),
      output: this.#output(part),
    };
  }

  #output(part: ToolResultPart): string | readonly JsonObject[] {
    const content = part.content.flatMap((inner) => encodeInputPart(inner, this.#rules));
    const only = content[0];
    if (only === undefined) return part.isError === true ? "Error" : "";
    const failed = part.isError === true;
    if (content.length === 1 && only.type === "input_text" && only.prompt_cache_breakpoint === undefined) return failed ? asError(String(only.text)) : String(only.text);
    if (!failed) return content;
    if (only.type !== "input_text") return [{ type: "input_text", text: "Error:" }, ...content];
    return [{ ...only, text: asError(String(only.text)) }, ...content.slice(1)];
  }

  /** A digest that only its maker can open would take the conversation with it if it were left out. */
  #compaction(part: CompactionPart): void {
    if (part.text !== undefined) {
      this.#flush();
      const text = `<conversation-summary>\n${part.text}\n</conversation-summary>`;
      this.items.push({ type: "message", role: "user", content: [{ type: "input_text", text }] });
    } else if (part.vendor === this.#exchange.upstreamVendor && part.encrypted !== undefined) {
      this.#item({ type: "compaction", encrypted_content: part.encrypted });
    } else {
      throw new GatewayError("compaction_not_portable", { source: "client", ...(part.path !== undefined && { path: part.path }) });
    }
  }

  /** Reasoning without the item it led to is refused (seen in the field). */
  #dropLooseReasoning(): void {
    while (this.items.length > this.#turnStart && this.items.at(-1)?.type === "reasoning") {
      this.items.pop();
      this.#exchange.report({ code: "loose-reasoning", path: `input[${this.items.length}]`, action: "dropped", detail: "nothing follows it" });
    }
  }
}

function reasoningItem(seal: Seal): JsonObject {
  return { type: "reasoning", summary: [], encrypted_content: seal.value };
}

function withoutId(item: JsonObject): JsonObject {
  const { id: _id, ...rest } = item;
  return rest;
}

function asError(text: string): string {
  return /^error\b/i.test(text) ? text : `Error: ${text}`;
}

const CONTENT_TYPE = /^(input_|output_|text$|refusal$|computer_screenshot$)/;

/** Opaque parts are either whole items or pieces of content that we do not know. */
function isItem(type: string): boolean {
  return type !== "" && !CONTENT_TYPE.test(type);
}
