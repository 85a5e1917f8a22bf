import type { LiveDetail, LiveRequest } from "../../../../gateway/src/management/contract/live.ts";
import type { AttemptView } from "../../../../gateway/src/management/contract/usage.ts";
import { Refusal } from "./refusal.ts";

export function makeLive(attempts: () => readonly AttemptView[], clock: () => number): Readonly<Record<string, unknown>> {
  let capture: { enabled: boolean; until?: number; maxBytes: number; maxRequests: number } = { enabled: false, maxBytes: 262_144, maxRequests: 200 };
  const recent = (): readonly AttemptView[] => attempts().slice(0, 60);
  const running = (): readonly LiveRequest[] => recent().slice(0, 2).map((one, place) => {
    const { endedAt: _endedAt, status: _status, durationMs: _durationMs, costUsd: _costUsd, outputTokens: _outputTokens, ...rest } = toLive(one);
    return { ...rest, requestId: `f00d000${place}`, startedAt: clock() - 3_000 * (place + 1), state: "running" };
  });
  const all = (): readonly LiveRequest[] => [...running(), ...recent().map(toLive)];
  return {
    listLive: () => ({ requests: all(), capture }),
    liveEvents: () => eventStream(running().map((request) => `event: request\ndata: ${JSON.stringify(request)}\n\n`)),
    liveRequest: ({ params }: { params: { requestId: string } }) => {
      const request = all().find(({ requestId }) => requestId === params.requestId);
      if (request === undefined) throw new Refusal(404, "it is not kept any more");
      return detailOf(request, attempts().filter(({ requestId }) => requestId === params.requestId));
    },
    setCapture: ({ body }: { body: { enabled: boolean; minutes?: number } }) => {
      const { maxBytes, maxRequests } = capture;
      capture = { enabled: body.enabled, maxBytes, maxRequests, ...(body.enabled && { until: clock() + (body.minutes ?? 15) * 60_000 }) };
      return capture;
    },
  };
}

function toLive(one: AttemptView): LiveRequest {
  return {
    requestId: one.requestId, startedAt: one.startedAt, endedAt: one.startedAt + one.durationMs, state: one.outcome, principal: one.principal,
    ...(one.username !== undefined && { username: one.username }), ...(one.keyName !== undefined && { keyName: one.keyName }),
    endpoint: one.endpoint, clientDialect: one.clientDialect, streamed: one.streamed, modelAsked: one.modelAsked, provider: one.provider, credential: one.credential,
    modelUpstream: one.modelUpstream, upstreamDialect: one.upstreamDialect, attempts: one.attempt, status: one.status, durationMs: one.durationMs,
    ...(one.firstEventMs !== undefined && { firstEventMs: one.firstEventMs }), ...(one.inputTokens !== undefined && { inputTokens: one.inputTokens }),
    ...(one.outputTokens !== undefined && { outputTokens: one.outputTokens }), ...(one.costUsd !== undefined && { costUsd: one.costUsd }),
    losses: one.losses.length, captured: one.requestId.charCodeAt(0) % 2 === 0, ...(one.errorCode !== undefined && { error: one.errorCode, errorCode: one.errorCode }),
  };
}

function detailOf(request: LiveRequest, records: readonly AttemptView[]): LiveDetail {
  const body = (text: string): NonNullable<LiveDetail["clientRequest"]> => ({ headers: { "content-type": "application/json", authorization: "Bearer …" }, text, bytes: text.length, truncated: false });
  const asked = JSON.stringify({ model: request.modelAsked, messages: [{ role: "user", content: "Summarise the release notes in three sentences." }], stream: true }, null, 2);
  const reply = 'data: {"choices":[{"delta":{"content":"Three things changed."}}]}\n\ndata: [DONE]\n\n';
  return {
    request,
    decisions: [
      { at: request.startedAt, kind: "candidates", message: `${request.modelAsked ?? "?"} is served by ${request.provider ?? "?"}` },
      { at: request.startedAt + 1, attempt: 1, kind: "credential", message: `${request.credential ?? "?"}: its turn (round robin)` },
      ...(request.state === "failed" ? [{ at: request.startedAt + 400, attempt: 1, kind: "failure", message: `answered ${request.status ?? 0}: the credential pauses` }] : []),
    ],
    attempts: records.map((record) => ({
      record, upstreamUrl: "https://api.example.com/v1/messages", upstreamStatus: record.status, losses: record.losses.map((code) => ({ code, path: "logit_bias", action: "dropped" })),
      ...(request.captured && { upstreamRequest: body(asked), upstreamResponse: body(reply) }),
    })),
    ...(request.captured && { clientRequest: body(asked), clientResponse: body(reply) }),
  };
}

export function eventStream(frames: readonly string[], headers: Readonly<Record<string, string>> = {}, pauseMs = 0): Response {
  const bytes = new TextEncoder();
  let place = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (pauseMs > 0 && place > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const frame = frames[place];
      place += 1;
      if (frame === undefined) controller.close();
      else controller.enqueue(bytes.encode(frame));
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream", "cache-control": "no-store", ...headers } });
}
