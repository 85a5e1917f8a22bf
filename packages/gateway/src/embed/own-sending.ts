import { GatewayError, sseFrame, toGatewayError, type GenerateEvent, type GenerateRequest, type Provider } from "@dragoman/core";
import type { AccountRequest, AccountSending, CredentialAccount } from "../credentials/credential-account.ts";
import { keyHeader } from "../upstream/key-header.ts";
import { urlOf } from "../upstream/url-of.ts";
import { shapeOf } from "./canonical-dialect.ts";
import type { AnswerCall, OwnProvider, UpstreamCall } from "./own-provider.ts";

type Executor = Pick<OwnProvider, "send" | "answer">;

/** What stands behind a credential whose requests an embedder's code carries; `undefined`: HTTP does. */
export function ownSending({ send, answer }: Executor, provider: Provider, apiKey: string | undefined): CredentialAccount | undefined {
  if (send === undefined && answer === undefined) return undefined;
  return {
    send: async (request, sending) => {
      const call = callOf(request, sending, { provider, apiKey });
      sending.sent?.({ url: call.url, headers: { ...call.headers }, body: call.body });
      if (answer !== undefined) return replyOf(answer(JSON.parse(call.body) as GenerateRequest, answerCall(call)));
      if (send === undefined) throw new GatewayError("internal");
      return send(call);
    },
    told: () => undefined,
    secrets: () => (apiKey === undefined ? [] : [apiKey]),
  };
}

function callOf(request: AccountRequest, { fetch, signal, proxyUrl }: AccountSending, { provider, apiKey }: { readonly provider: Provider; readonly apiKey: string | undefined }): UpstreamCall {
  const { dialect, model, streamed, body } = request;
  return {
    url: urlOf(request), dialect, model, streamed, fetch, signal,
    body: typeof body === "string" ? body : new TextDecoder().decode(body),
    headers: { ...request.headers, ...(apiKey !== undefined && keyHeader(provider, dialect, apiKey)), ...request.lastHeaders },
    ...(apiKey !== undefined && { apiKey }),
    ...(proxyUrl !== undefined && { proxyUrl }),
  };
}

const answerCall = ({ model, apiKey, signal }: UpstreamCall): AnswerCall => ({ model, signal, ...(apiKey !== undefined && { apiKey }) });

async function replyOf(answering: ReturnType<NonNullable<OwnProvider["answer"]>>): Promise<Response> {
  if (!isStream(answering)) return Response.json(await answering);
  return new Response(bytesOf(answering), { headers: { "content-type": "text/event-stream" } });
}

function isStream(answering: ReturnType<NonNullable<OwnProvider["answer"]>>): answering is AsyncIterable<GenerateEvent> {
  return Symbol.asyncIterator in answering;
}

/** Asks for the next event when there is room for it; ends the code's loop when the client leaves. */
function bytesOf(events: AsyncIterable<GenerateEvent>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = events[Symbol.asyncIterator]();
  const frame = (event: GenerateEvent): Uint8Array => encoder.encode(sseFrame(JSON.stringify(event)));
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (done === true) controller.close();
        else controller.enqueue(frame(value));
      } catch (thrown) {
        controller.enqueue(frame({ type: "error", error: shapeOf(toGatewayError(thrown)) }));
        controller.close();
      }
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
