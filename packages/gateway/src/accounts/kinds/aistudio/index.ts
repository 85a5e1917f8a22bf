import { defineProvider, isJsonObject, providerOfId, type CatalogueModel, type JsonObject } from "@dragoman/core";
import { defineAccountKind, type AccountKind } from "../../account-kind.ts";
import { RelaySession } from "./relay-session.ts";
import { urlOf } from "../../../upstream/url-of.ts";

const google = providerOfId("google");
if (google === undefined) throw new Error("No provider is described as google.");

const { listing: _listing, keyVariables: _variables, ...unlisted } = google;

const GEMINI = { contextTokens: 1_048_576, maxOutputTokens: 65_536 };

/** What pages of AI Studio answer with; providers' own list of August 2026. */
const CATALOGUE: readonly CatalogueModel[] = [
  { id: "gemini-2.5-pro", displayName: "Gemini 2.5 Pro", created: 1_750_118_400, ...GEMINI },
  { id: "gemini-2.5-flash", displayName: "Gemini 2.5 Flash", created: 1_750_118_400, ...GEMINI },
  { id: "gemini-2.5-flash-lite", displayName: "Gemini 2.5 Flash Lite", created: 1_753_142_400, ...GEMINI },
  { id: "gemini-3-pro-preview", displayName: "Gemini 3 Pro Preview", created: 1_737_158_400, ...GEMINI },
  { id: "gemini-3.1-pro-preview", displayName: "Gemini 3.1 Pro Preview", created: 1_771_459_200, ...GEMINI },
  { id: "gemini-3-flash-preview", displayName: "Gemini 3 Flash Preview", created: 1_765_929_600, ...GEMINI },
  { id: "gemini-3.1-flash-lite-preview", displayName: "Gemini 3.1 Flash Lite Preview", created: 1_776_288_000, ...GEMINI },
  { id: "gemini-pro-latest", displayName: "Gemini Pro Latest", created: 1_750_118_400, ...GEMINI },
  { id: "gemini-flash-latest", displayName: "Gemini Flash Latest", created: 1_750_118_400, ...GEMINI },
  { id: "gemini-flash-lite-latest", displayName: "Gemini Flash-Lite Latest", created: 1_753_142_400, ...GEMINI },
  { id: "gemini-2.5-flash-image", displayName: "Gemini 2.5 Flash Image", created: 1_759_363_200, contextTokens: 1_048_576, maxOutputTokens: 8192 },
  { id: "gemini-3.5-flash", displayName: "Gemini 3.5 Flash", created: 1_779_235_200, ...GEMINI },
  { id: "gemini-3.5-flash-lite", displayName: "Gemini 3.5 Flash Lite", created: 1_782_864_000, ...GEMINI },
  { id: "gemini-3.6-flash", displayName: "Gemini 3.6 Flash", created: 1_782_864_000, ...GEMINI },
  { id: "gemini-3.7-flash", displayName: "Gemini 3.7 Flash", ...GEMINI },
];

/** Members of `generationConfig` that the pages' own calls do not take. */
const REFUSED: ReadonlySet<string> = new Set(["maxOutputTokens", "responseMimeType", "responseJsonSchema"]);

/**
 * Browser pages that connect to the gateway and make its requests with their own session. Nothing is stored: an account
 * is there as long as its page is. Requests carry no key and no header but the content type.
 */
export const aistudio: AccountKind = defineAccountKind({
  name: "aistudio",
  types: ["aistudio"],
  title: "AI Studio page",
  defaults: { baseUrl: google.baseUrl },
  provider: defineProvider({ ...unlisted, id: "aistudio", name: "AI Studio page", hosts: [], catalogue: CATALOGUE }),
  read: (content) => ({ label: typeof content.session === "string" ? content.session : "page" }),
  address: (request) => ({ url: urlOf(request), headers: { "content-type": "application/json" }, body: request.body }),
  patchBody: withoutMembers,
  socket: {
    path: "/v1/ws",
    isGuarded: (config) => config["ws-auth"],
    accept({ name, join, leave, clock, newId }) {
      const session = new RelaySession({
        clock, newId,
        joined: () => join({ type: "aistudio", session: name }, (url, init) => session.fetch(url, init)),
        left: leave,
      });
      return session;
    },
  },
});

function withoutMembers(body: JsonObject): JsonObject {
  const { session_id: _session, generationConfig: config, ...rest } = body;
  if (config === undefined) return rest;
  return { ...rest, generationConfig: isJsonObject(config) ? Object.fromEntries(Object.entries(config).filter(([member]) => !REFUSED.has(member))) : config };
}
