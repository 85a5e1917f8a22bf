import { isJsonObject, without, type Exchange, type JsonObject } from "@dragoman/core";
import type { AttemptInput } from "./attempt.ts";
import type { Parcel } from "./pack.ts";

/** A digest comes whole and is kept by nobody, so that its endpoint knows nothing of these. */
const OF_ANSWERS = ["stream", "store", "include"];

/** The client's own request for a digest, to an upstream that makes them: the body passes, under the upstream's model name. */
export function packCompaction({ call, candidate }: AttemptInput, exchange: Exchange): Parcel {
  const { dialect } = candidate.upstream;
  const given: JsonObject = isJsonObject(call.input.body) ? call.input.body : {};
  const { stream: _stream, ...asked } = given;
  const named = { ...asked, model: candidate.model };
  const unsealed = dialect.withoutSeals?.(named, call.context.sealer.isEnvelope) ?? named;
  const { account } = candidate.credential;
  const patched = account?.patchBody === undefined
    ? unsealed
    : without(account.patchBody(unsealed, { model: candidate.model, dialect: dialect.id, streamed: false, clientHeaders: call.headers }), OF_ANSWERS);
  return { path: "/responses/compact", headers: {}, body: JSON.stringify(patched), streamed: false, passthrough: true, exchange };
}
