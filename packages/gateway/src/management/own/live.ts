import type { Principal } from "../../access/principal.ts";
import { liveEventStream } from "../../observe/live/event-stream.ts";
import type { LiveEntry } from "../../observe/live/live-entry.ts";
import { detailView, requestView } from "../../observe/live/live-view.ts";
import { NameBook } from "../../observe/live/name-book.ts";
import { replayRequest } from "../../observe/live/replay-request.ts";
import type { LiveRequest } from "../contract/live.ts";
import { liveOperations } from "../contract/live.ts";
import { defineDesk, OfficeError, type Desk, type Office } from "../office.ts";

/** Under these names calls that operators make stand in the records. */
const PLAYGROUND: Principal = { id: "playground" };
const REPLAY: Principal = { id: "replay" };

/** Replies of the office bear the id of the office's own request; this one is the id of the call that was made. */
const CALL_ID_HEADER = "x-dragoman-request-id";

const books = new WeakMap<Office, NameBook>();

function namesOf(office: Office): NameBook {
  let book = books.get(office);
  if (book === undefined) {
    book = new NameBook(office.store, office.engine.ports.clock);
    books.set(office, book);
  }
  return book;
}

function viewsOf(office: Office, entries: readonly LiveEntry[]): Promise<LiveRequest[]> {
  const names = namesOf(office);
  return Promise.all(entries.map(async (entry) => requestView(entry, await names.of(entry))));
}

function find(office: Office, requestId: string): LiveEntry {
  const entry = office.monitor.find(requestId);
  if (entry === undefined) throw new OfficeError(404, "this request is not kept any more");
  return entry;
}

/** The reply as the gateway gave it, marked with the name under which the call can be looked up. */
async function throughFrontDoor(office: Office, principal: Principal, request: Request): Promise<Response> {
  const reply = await office.asPrincipal(principal)(request);
  const headers = new Headers(reply.headers);
  headers.set(CALL_ID_HEADER, reply.headers.get("x-request-id") ?? "");
  return new Response(reply.body, { status: reply.status, headers });
}

const EVENT_HEADERS = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache, no-transform", "x-accel-buffering": "no" };

export const liveDesks: readonly Desk[] = [
  defineDesk(liveOperations.listLive, async ({ office }) => ({ requests: await viewsOf(office, office.monitor.list()), capture: office.monitor.capture.state })),
  defineDesk(liveOperations.liveEvents, ({ office, request }) => new Response(liveEventStream(office.monitor, (entries) => viewsOf(office, entries), request.signal), { headers: EVENT_HEADERS })),
  defineDesk(liveOperations.liveRequest, async ({ office, params }) => {
    const entry = find(office, params.requestId);
    return detailView(entry, await namesOf(office).of(entry));
  }),
  defineDesk(liveOperations.setCapture, ({ office, body, note }) => {
    office.monitor.capture.switch(body.enabled, body.minutes);
    note(undefined, { enabled: body.enabled, ...(body.minutes !== undefined && { minutes: body.minutes }) });
    return office.monitor.capture.state;
  }),
  defineDesk(liveOperations.replay, ({ office, params, body, request, note }) => {
    const { capture } = find(office, params.requestId);
    if (capture === undefined) throw new OfficeError(409, "the body of this request was not captured");
    if (capture.clientRequest.truncated) throw new OfficeError(409, "the body of this request was longer than is kept");
    note(params.requestId, body.model === undefined ? undefined : { model: body.model });
    return throughFrontDoor(office, REPLAY, replayRequest(capture, { signal: request.signal, ...(body.model !== undefined && { model: body.model }) }));
  }),
  defineDesk(liveOperations.playground, ({ office, body: asked, request }) => {
    const { method, path, body } = asked;
    if (!URL.canParse(`http://localhost${path}`)) throw new OfficeError(400, "path: expected a path");
    return throughFrontDoor(office, PLAYGROUND, new Request(`http://localhost${path}`, {
      method, signal: request.signal, headers: { "content-type": "application/json", "x-dragoman-losses": "1" }, ...(method === "POST" && { body: JSON.stringify(body ?? {}) }),
    }));
  }),
];
