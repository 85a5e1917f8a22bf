import { GatewayError, type Json } from "@dragoman/core";
import type { AccountRequest, OwnKey } from "../../../credentials/credential-account.ts";
import type { AccountKind, AddressedRequest, RequestVisit } from "../../account-kind.ts";
import { withSystemPrefix } from "../../system-prefix.ts";
import { betasFor, withResponsesMembers } from "./levels.ts";
import { modelNamed } from "./models.ts";
import { sessionId } from "./session.ts";

/** The dialects' own paths behind the vendor's base paths. */
const PATHS = ["/v1/messages", "/v1/messages/count_tokens", "/responses", "/chat/completions"];
const GENERATE = /^\/v1(?:beta|alpha)?\/models\/.+:(?:stream)?[gG]enerateContent$/;

/** The vendor's own name for the model, the operator's texts, and what level and speed want. A body that needs none of it stays as it is. */
export const patchBody: NonNullable<AccountKind["patchBody"]> = (body, { model: id, dialect, streamed, settings }) => {
  const model = modelNamed(settings, id, dialect);
  const prefixed = withSystemPrefix(body, dialect, settings.systemPrefix);
  const named = prefixed.model === model.model ? prefixed : { ...prefixed, model: model.model };
  if (dialect === "openai-responses") return withResponsesMembers(named, model);
  // Its path names neither the model nor the stream.
  return dialect === "gemini-generate-content" && streamed ? { ...named, stream: true } : named;
};

/** A request in the vendor's own form: where it goes, with which key, in which conversation. */
export function address(request: AccountRequest, visit: RequestVisit): AddressedRequest {
  const { settings } = visit;
  const { "anthropic-beta": given, ...plain } = request.headers;
  const model = modelNamed(settings, request.model, request.dialect);
  const betas = model.type === "anthropic" ? betasFor(model, given) : undefined;
  return {
    url: request.baseUrl + pathOf(request.path),
    headers: {
      ...plain,
      ...(betas !== undefined && { "anthropic-beta": betas }),
      ...copied(request.clientHeaders, settings.options?.["client-headers"]),
      authorization: authorization(request, visit),
      "x-api-provider": model.provider,
      ...organization(visit),
      "x-session-id": sessionId(request, visit),
      "x-assistant-message-id": request.clientHeaders.get("x-assistant-message-id") ?? visit.newId(),
    },
    body: request.body,
  };
}

function pathOf(path: string): string {
  if (PATHS.includes(path)) return path;
  if (GENERATE.test(path)) return "/v1/generate";
  throw new GatewayError("not_implemented", { source: "gateway", message: "Factory has no such endpoint." });
}

/** With an account for clients, their own word; a key that opens this gateway is not for others. */
function authorization({ ownKey }: AccountRequest, { facts }: RequestVisit): string {
  if (facts.values?.clients === undefined) return `Bearer ${facts.accessToken ?? ""}`;
  const own = ownKey?.();
  if (own === undefined) throw new GatewayError("invalid_api_key", { source: "client", message: "No Factory key is configured here: send your own as a bearer token or x-api-key." });
  return own.authorization;
}

/** Beside a key of this gateway, any bearer token; where nobody is asked for one, only what looks like a key of the settings page. */
export function isOwnKey({ authorization: own, from, isKeyless }: OwnKey): boolean {
  return /^Bearer\s+fk-/i.test(own) || (from === "authorization" && !isKeyless);
}

/** Newer programs of the vendor name the organisation of a login; operators switch it on with the header's name. */
function organization({ settings, facts }: RequestVisit): Record<string, string> {
  const header = settings.options?.["organization-header"];
  const id = facts.values?.organization;
  return typeof header === "string" && id !== undefined ? { [header.toLowerCase()]: id } : {};
}

/** Client headers that the operator lets through. */
function copied(clientHeaders: Headers, names: Json | undefined): Record<string, string> {
  if (!Array.isArray(names)) return {};
  return Object.fromEntries((names as readonly Json[]).flatMap((name) => {
    const value = typeof name === "string" ? clientHeaders.get(name) : null;
    return value === null ? [] : [[String(name).toLowerCase(), value]];
  }));
}
