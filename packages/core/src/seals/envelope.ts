// The text in which a foreign seal travels through a client:
// gwr1.<vendor>.<bindsTo>.<bindKind>.<base64url(payload)>.<tag>. ASCII only, safe wherever ids and base64 are.
import { isJsonObject, type Json, type JsonObject, type Seal } from "../canonical/index.ts";
import { fromBase64Url, toBase64Url } from "./base64url.ts";
import { hmacSha256 } from "./sha256.ts";

const PREFIX = "gwr1.";
const TAG_BYTES = 16;
const NO_KIND = "-";

const FORMS: readonly Seal["form"][] = ["signature", "redacted", "encrypted-content", "thought-signature", "plain-text-hash"];
const BINDINGS: readonly Seal["bindsTo"][] = ["self", "next", "previous"];
const KINDS: readonly NonNullable<Seal["bindKind"]>[] = ["text", "tool-call", "any"];

export function isEnvelope(value: string): boolean {
  return value.startsWith(PREFIX);
}

export function writeEnvelope(seal: Seal, tenant: string, key: Uint8Array): string {
  const payload = JSON.stringify({ v: seal.value, m: seal.model, i: seal.itemId, s: seal.summaryLengths, f: seal.form });
  const body = `${PREFIX}${seal.vendor}.${seal.bindsTo}.${seal.bindKind ?? NO_KIND}.${toBase64Url(new TextEncoder().encode(payload))}`;
  return `${body}.${tagOf(body, tenant, key)}`;
}

/** `undefined` when no key made this tag for this tenant. */
export function readEnvelope(envelope: string, tenant: string, keys: readonly Uint8Array[]): Seal | undefined {
  const end = envelope.lastIndexOf(".");
  const body = envelope.slice(0, end);
  const tag = envelope.slice(end + 1);
  if (!keys.some((key) => sameText(tag, tagOf(body, tenant, key)))) return undefined;
  const [, vendor, bindsTo, bindKind, payload = ""] = body.split(".");
  const fields = parsePayload(payload);
  const binding = BINDINGS.find((known) => known === bindsTo);
  if (!vendor || binding === undefined || fields === undefined) return undefined;
  return sealFrom(fields, { vendor, bindsTo: binding, bindKind: KINDS.find((known) => known === bindKind) });
}

function sealFrom(fields: JsonObject, place: Pick<Seal, "vendor" | "bindsTo"> & { readonly bindKind: Seal["bindKind"] | undefined }): Seal | undefined {
  const { v: value, m: model, i: itemId, s: summary, f } = fields;
  const form = FORMS.find((known) => known === f);
  if (typeof value !== "string" || form === undefined) return undefined;
  return {
    vendor: place.vendor,
    form,
    value,
    ...(typeof model === "string" && { model }),
    ...(typeof itemId === "string" && { itemId }),
    ...(Array.isArray(summary) && { summaryLengths: summary.filter((length) => typeof length === "number") }),
    bindsTo: place.bindsTo,
    ...(place.bindKind && { bindKind: place.bindKind }),
  };
}

function parsePayload(payload: string): JsonObject | undefined {
  const bytes = fromBase64Url(payload);
  if (bytes === undefined) return undefined;
  try {
    const parsed = JSON.parse(new TextDecoder().decode(bytes)) as Json;
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The tenant is signed but not told: the envelope of one opens for nobody else. The body holds no NUL, so the two cannot be confused. */
function tagOf(body: string, tenant: string, key: Uint8Array): string {
  return toBase64Url(hmacSha256(key, new TextEncoder().encode(`${body}\0${tenant}`)).subarray(0, TAG_BYTES));
}

/** Takes as long for a wrong first character as for a wrong last one, so that a tag cannot be guessed piece by piece. */
function sameText(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let index = 0; index < expected.length; index += 1) difference |= given.charCodeAt(index) ^ expected.charCodeAt(index);
  return difference === 0;
}
