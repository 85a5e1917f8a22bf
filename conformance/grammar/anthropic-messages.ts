import { isJsonObject } from "@dragoman/core";
import { objectAt, type Block, type Faults } from "./blocks.ts";

const DELTAS: Readonly<Record<string, readonly string[]>> = {
  text: ["text_delta", "citations_delta"],
  thinking: ["thinking_delta", "signature_delta"],
  tool_use: ["input_json_delta"],
  server_tool_use: ["input_json_delta"],
  mcp_tool_use: ["input_json_delta"],
  redacted_thinking: [],
};
const STOPS = ["end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal", "model_context_window_exceeded", "compaction"];

/** Anthropic SDK 1.11, `messages.stream`, run against a loopback server (2026-11), and Claude Code's checks. */
export function anthropicFaults(blocks: readonly Block[], faults: Faults, failed: boolean): void {
  for (const { event, value } of blocks) faults.expect(event !== undefined && event === value.type, `event: ${event ?? "(none)"} before data of type ${String(value.type)}`);
  const events = blocks.filter(({ value }) => value.type !== "ping").map(({ value }) => value);
  const order = events.map(({ type }) => type);
  if (failed) {
    faults.expect(order.at(-1) === "error" && !order.includes("message_stop") && !order.includes("message_delta"), "the stream does not end with the error alone");
    faults.expect(order.filter((type) => type === "error").length === 1, "more than one error");
  } else {
    faults.expect(order.at(-1) === "message_stop" && order.at(-2) === "message_delta", "the stream does not end with message_delta and message_stop");
    faults.expect(!order.includes("error"), "an error in a good stream");
  }
  faults.expect(order[0] === "message_start" || (failed && order.length === 1), "message_start is not first");
  for (const type of ["message_start", "message_delta", "message_stop"]) faults.expect(order.filter((other) => other === type).length <= 1, `more than one ${type}`);
  readBlocks(events, faults, failed);
}

function readBlocks(events: readonly Block["value"][], faults: Faults, failed: boolean): void {
  let open: { type: string; json: string } | undefined;
  let next = 0;
  for (const event of events) {
    switch (event.type) {
      case "message_start": {
        const message = objectAt(event, "message");
        const usage = objectAt(message, "usage");
        faults.expect(typeof usage.input_tokens === "number" && typeof usage.output_tokens === "number", "message_start without usage");
        faults.expect(Array.isArray(message.content) && message.content.length === 0 && message.role === "assistant" && typeof message.id === "string", "message_start without its skeleton");
        break;
      }
      case "content_block_start":
        faults.expect(open === undefined, "a block opens while another is open");
        faults.expect(event.index === next++, `block index ${String(event.index)}`);
        open = { type: String(objectAt(event, "content_block").type), json: "" };
        break;
      case "content_block_delta": {
        const delta = objectAt(event, "delta");
        faults.expect(open !== undefined && event.index === next - 1, "a delta without its block");
        faults.expect((DELTAS[open?.type ?? ""] ?? []).includes(String(delta.type)), `${String(delta.type)} in a block of type ${open?.type ?? "none"}`);
        if (open !== undefined && typeof delta.partial_json === "string") open.json += delta.partial_json;
        break;
      }
      case "content_block_stop":
        faults.expect(open !== undefined && event.index === next - 1, "a stop without its block");
        open = undefined;
        break;
      case "message_delta":
        faults.expect(open === undefined, "the end comes while a block is open");
        faults.expect(typeof objectAt(event, "usage").output_tokens === "number", "message_delta without usage");
        faults.expect(isJsonObject(event.delta) && STOPS.includes(String(event.delta.stop_reason)), `stop_reason ${String(objectAt(event, "delta").stop_reason)}`);
    }
  }
  faults.expect(failed || open === undefined, "a block is left open");
}
