import { expect, test } from "bun:test";
import { liveEventStream } from "./event-stream.ts";
import type { LiveEntry } from "./live-entry.ts";
import type { LiveListener, LiveMonitor } from "./monitor.ts";

/** A monitor of which only the listening matters. */
function fakeMonitor() {
  const listeners = new Set<LiveListener>();
  const monitor = {
    listen(listener: LiveListener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return { monitor: monitor as unknown as LiveMonitor, listeners, tell: (requestId: string) => listeners.forEach((listener) => listener.changed(entryOf(requestId))) };
}

const entries = new Map<string, LiveEntry>();
function entryOf(requestId: string): LiveEntry {
  const entry = entries.get(requestId) ?? ({ requestId } as LiveEntry);
  entries.set(requestId, entry);
  return entry;
}

const view = (given: readonly LiveEntry[]): Promise<readonly unknown[]> => Promise.resolve(given.map(({ requestId }) => ({ requestId })));
const textOf = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> => new TextDecoder().decode((await reader.read()).value);

test("changes that come together are told once for each request", async () => {
  const { monitor, tell } = fakeMonitor();
  const reader = liveEventStream(monitor, view, new AbortController().signal).getReader();
  expect(await textOf(reader)).toBe(": watching\n\n");
  for (let count = 0; count < 50; count++) tell(count % 2 === 0 ? "a" : "b");
  expect(await textOf(reader)).toBe('event: request\ndata: {"requestId":"a"}\n\nevent: request\ndata: {"requestId":"b"}\n\n');
  await reader.cancel();
});

test("a slow reader gets the last state, not all states", async () => {
  const { monitor, tell } = fakeMonitor();
  const reader = liveEventStream(monitor, view, new AbortController().signal).getReader();
  // The greeting fills the stream's room: nothing more is made before it is taken.
  tell("a");
  await Bun.sleep(150);
  tell("a");
  tell("c");
  await Bun.sleep(150);
  expect(await textOf(reader)).toBe(": watching\n\n");
  expect((await textOf(reader)).match(/event: request/g)).toHaveLength(2);
  await reader.cancel();
});

test("nobody listens any more when the reader leaves, by either door", async () => {
  const { monitor, listeners } = fakeMonitor();
  const leave = new AbortController();
  const reader = liveEventStream(monitor, view, leave.signal).getReader();
  const other = liveEventStream(monitor, view, new AbortController().signal);
  const last = liveEventStream(monitor, view, new AbortController().signal).getReader();
  expect(listeners.size).toBe(3);
  leave.abort();
  await other.cancel();
  for (const listener of [...listeners]) listener.ended();
  expect(listeners.size).toBe(0);
  await last.read();
  expect((await last.read()).done).toBe(true);
  await reader.read();
  expect((await reader.read()).done).toBe(true);
});
