import { listAt, objectAt, type Block, type Faults } from "./blocks.ts";

const TERMINAL = ["response.completed", "response.incomplete", "response.failed"];

/** OpenAI SDK 6.49, `responses.stream`, run against a loopback server (2026-11), and Codex's parser. */
export function responsesFaults(blocks: readonly Block[], faults: Faults, failed: boolean): void {
  for (const { event, value } of blocks) faults.expect(event === value.type, `event: ${event ?? "(none)"} before data of type ${String(value.type)}`);
  const events = blocks.map(({ value }) => value);
  events.forEach((event, at) => faults.expect(event.sequence_number === at, `sequence_number ${String(event.sequence_number)} at ${at}`));
  const created = objectAt(events[0] ?? {}, "response");
  faults.expect(events[0]?.type === "response.created" && Array.isArray(created.output) && created.output.length === 0, "the first event is not response.created with an empty output");
  const terminal = events.filter(({ type }) => TERMINAL.includes(String(type)));
  faults.expect(terminal.length === 1 && (events.at(-1) === terminal[0] || (failed && events.at(-1)?.type === "error")), "no single terminal event at the end");
  faults.expect((terminal[0]?.type === "response.failed") === failed, `ends with ${String(terminal[0]?.type)}`);
  const done = readItems(events, { faults, failed });
  readEnd(objectAt(terminal[0] ?? {}, "response"), done, { faults, failed });
}

function readItems(events: readonly Block["value"][], { faults, failed }: End): readonly Block["value"][] {
  const done: Block["value"][] = [];
  let open: { item: Block["value"]; parts: number; summaries: number } | undefined;
  for (const event of events) {
    const type = String(event.type);
    if (type === "response.output_item.added") {
      faults.expect(open === undefined, "an item opens while another is open");
      faults.expect(event.output_index === done.length, `output_index ${String(event.output_index)} at ${done.length}`);
      open = { item: objectAt(event, "item"), parts: 0, summaries: 0 };
      continue;
    }
    if (event.output_index === undefined) continue;
    faults.expect(open !== undefined && event.output_index === done.length, `${type} without its item`);
    if (type === "response.output_item.done") {
      const item = objectAt(event, "item");
      faults.expect(item.id === open?.item.id && item.type === open?.item.type, "the item that ends is not the one that began");
      done.push(item);
      open = undefined;
      continue;
    }
    faults.expect(event.item_id === open?.item.id, `${type} with another item's id`);
    if (type === "response.content_part.added" && open !== undefined) faults.expect(event.content_index === open.parts++, "content_index is not dense");
    if (type === "response.reasoning_summary_part.added" && open !== undefined) faults.expect(event.summary_index === open.summaries++, "summary_index is not dense");
    if (/output_text\.delta|refusal\.delta/.test(type)) faults.expect(event.content_index === (open?.parts ?? 0) - 1, `${type} before its part`);
    if (type === "response.reasoning_summary_text.delta") faults.expect(event.summary_index === (open?.summaries ?? 0) - 1, "a summary delta before its part");
  }
  // Codex runs a call as soon as it is done, so what a failure cuts short must not be.
  faults.expect(open === undefined || failed, "an item is left open");
  return done;
}

interface End {
  readonly faults: Faults;
  readonly failed: boolean;
}

function readEnd(response: Block["value"], done: readonly Block["value"][], { faults, failed }: End): void {
  faults.expect(typeof response.id === "string" && response.object === "response", "the terminal response has no id");
  const output = listAt(response, "output");
  const cut = failed && output.length === done.length + 1 && output.at(-1)?.status === "incomplete";
  faults.expect(JSON.stringify(cut ? output.slice(0, -1) : output) === JSON.stringify(done), "the final output is not the items that were done");
  if (failed) {
    const error = objectAt(response, "error");
    faults.expect(typeof error.code === "string" && typeof error.message === "string", "response.failed without its error");
    return;
  }
  const usage = objectAt(response, "usage");
  const counts = [usage.input_tokens, objectAt(usage, "input_tokens_details").cached_tokens, usage.output_tokens, objectAt(usage, "output_tokens_details").reasoning_tokens, usage.total_tokens];
  faults.expect(counts.every((count) => Number.isInteger(count)), "usage lacks one of its five integers");
}
