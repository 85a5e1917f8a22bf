import { isJsonObject, parseArguments, type Delta, type JsonObject, type Part, type Tool, type ToolCallPart } from "../../canonical/index.ts";
import { clientToolOf, clientToolOfCall, type ClientTool } from "./client-tools.ts";
import { CustomInputReader } from "./custom-input.ts";
import { fromOwnWire } from "./dialect-id.ts";
import { deltaFrame, type DeltaFrame } from "./frame-writer.ts";
import { itemId, type OutputItemWriter, type OutputScope } from "./item-writer.ts";
import type { ItemStatus } from "./wire.ts";

/** How the caller declared a tool decides what its calls look like. */
export interface CallShapes {
  shapeOf(part: ToolCallPart): "function" | "custom" | ClientTool;
}

export function createCallShapes(tools: readonly Tool[]): CallShapes {
  const shapes = new Map<string, "custom" | ClientTool>();
  for (const tool of tools) {
    const source = fromOwnWire(tool.wire);
    const row = isJsonObject(source) ? clientToolOf(source) : undefined;
    if (tool.kind === "custom") shapes.set(`${tool.namespace ?? ""}\u0000${tool.name}`, "custom");
    else if (row !== undefined) shapes.set(`\u0000${tool.name}`, row);
  }
  return {
    shapeOf: (part) => {
      if (part.variant === "custom") return "custom";
      const source = fromOwnWire(part.wire);
      const row = isJsonObject(source) && typeof source.type === "string" ? clientToolOfCall(source.type) : undefined;
      return row ?? shapes.get(`${part.namespace ?? ""}\u0000${part.name}`) ?? "function";
    },
  };
}

abstract class CallBase implements OutputItemWriter {
  protected readonly scope: OutputScope;
  protected readonly part: ToolCallPart;
  protected text = "";
  protected complete = false;

  constructor(scope: OutputScope, part: ToolCallPart) {
    this.scope = scope;
    this.part = part;
  }

  takes(): boolean {
    return false;
  }

  start(part: Part): void {
    if (part.kind === "tool-call") this.grow(part.argumentsText);
  }

  delta(delta: Delta): void {
    if (delta.type === "arguments") this.grow(delta.text);
  }

  end(part: Part): void {
    this.complete = part.kind === "tool-call" && part.complete;
  }

  abstract close(status: ItemStatus): void;
  protected abstract grow(text: string): void;

  protected get status(): ItemStatus {
    return this.complete ? "completed" : "incomplete";
  }
}

/** A call whose text streams: a function's arguments, or the free text of a custom tool. */
export class StreamedCallWriter extends CallBase {
  readonly #custom: boolean;
  /** The model was given the custom tool as a function. */
  readonly #reader: CustomInputReader | undefined;
  readonly #id: string;
  readonly #index: number;
  readonly #place: string;
  readonly #frame: DeltaFrame;

  constructor(scope: OutputScope, part: ToolCallPart, custom: boolean) {
    super(scope, part);
    this.#custom = custom;
    this.#reader = custom && part.variant === "function" ? new CustomInputReader() : undefined;
    this.#id = itemId(part.itemId, custom ? "ctc_" : "fc_", scope.exchange);
    this.#index = scope.add(this.#item("", "in_progress"));
    this.#place = `"item_id":${JSON.stringify(this.#id)},"output_index":${this.#index}`;
    this.#frame = deltaFrame(custom ? "response.custom_tool_call_input.delta" : "response.function_call_arguments.delta", this.#place);
  }

  protected grow(text: string): void {
    this.#say(this.#reader === undefined ? text : this.#reader.push(text));
  }

  #say(text: string): void {
    if (text === "") return;
    this.text += text;
    this.scope.frames.delta(this.#frame, text, "");
  }

  override end(part: Part): void {
    super.end(part);
    if (this.#reader !== undefined && this.complete) this.#say(this.#reader.finish());
    if (!this.#custom && this.complete && this.text.trim() === "") this.#say("{}");
  }

  close(status: ItemStatus): void {
    const text = JSON.stringify(this.text);
    if (this.#custom) this.scope.frames.event("response.custom_tool_call_input.done", `${this.#place},"input":${text}`);
    else this.scope.frames.event("response.function_call_arguments.done", `${this.#place},"arguments":${text},"name":${JSON.stringify(this.part.name)}`);
    this.scope.done(this.#item(this.text, status === "incomplete" ? status : this.status), this.#index);
  }

  readonly unsaid = (): JsonObject => this.#item(this.text, "incomplete");

  #item(text: string, status: ItemStatus): JsonObject {
    const { part } = this;
    return {
      id: this.#id,
      type: this.#custom ? "custom_tool_call" : "function_call",
      call_id: part.callId,
      name: part.name,
      ...(part.namespace !== undefined && { namespace: part.namespace }),
      ...(this.#custom ? { input: text } : { arguments: text }),
      ...(part.caller !== undefined && { caller: part.caller }),
      status,
    };
  }
}

/** A call whose item holds an object: it comes whole. */
export class ClientCallWriter extends CallBase {
  readonly #tool: ClientTool;

  constructor(scope: OutputScope, part: ToolCallPart, tool: ClientTool) {
    super(scope, part);
    this.#tool = tool;
  }

  protected grow(text: string): void {
    this.text += text;
  }

  close(status: ItemStatus): void {
    const { part, scope } = this;
    const source = fromOwnWire(part.wire);
    const item = isJsonObject(source) ? source : this.#item(status === "incomplete" ? status : this.status);
    scope.done(item, scope.add({ ...item, status: "in_progress" }));
  }

  #item(status: ItemStatus): JsonObject {
    const { part } = this;
    const prefix = `${this.#tool.callType.split("_").map((word) => word[0]).join("")}_`;
    return {
      id: itemId(part.itemId, prefix, this.scope.exchange),
      type: this.#tool.callType,
      call_id: part.callId,
      ...this.#tool.callFields(parseArguments(this.text) ?? {}),
      status,
    };
  }

  readonly unsaid = (): undefined => undefined;
}
