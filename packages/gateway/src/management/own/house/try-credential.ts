import type { Principal } from "../../../access/principal.ts";
import type { OfferedModel } from "../../../routing/service.ts";
import type { Placed } from "../../../routing/roster.ts";
import { redactSecrets } from "../../../upstream/redact-secrets.ts";
import type { Office } from "../../office.ts";

export interface Trial {
  readonly ok: boolean;
  readonly model: string;
  readonly status: number;
  readonly durationMs: number;
  readonly message: string;
}

/** The one whose calls these are, in records. */
const TRIAL_PRINCIPAL: Principal = { id: "management" };
const TIMEOUT_MS = 30_000;
/** Little, but enough that models that think before they speak do not take it for a mistake. */
const MAX_TOKENS = 16;
/** Models that do not chat. */
const OTHER_TRADES = /embed|rerank|whisper|transcri|tts|speech|audio|realtime|moderation|dall-e|image|imagen|veo|sora|video|guard/i;

/** A very small call through this credential and no other, also when it rests or is switched off. */
export async function tryCredential(office: Office, placed: Placed, asked: string | undefined): Promise<Trial> {
  const model = chosenModel(office, placed, asked);
  if (model === undefined) return { ok: false, model: "", status: 0, durationMs: 0, message: "No model of this upstream is known. Name one." };
  const { clock } = office.engine.ports;
  const startedAt = clock.now();
  const send = office.asPrincipal(TRIAL_PRINCIPAL, office.engine.switchboard.roster.only(placed.service, placed.credential, model));
  const response = await send(new Request("http://dragoman.invalid/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: model.name, max_tokens: MAX_TOKENS, messages: [{ role: "user", content: "Say ok." }] }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }));
  const body = await response.text();
  const durationMs = clock.now() - startedAt;
  return { ok: response.ok, model: model.upstreamModel, status: response.status, durationMs, message: redactSecrets(messageOf(body, response.ok), [placed.credential.apiKey]) };
}

/** The one that was asked for, listed or not; else the cheapest, else the first that chats. */
function chosenModel(office: Office, { service }: Placed, asked: string | undefined): OfferedModel | undefined {
  const offered = office.engine.switchboard.roster.modelsOf(service);
  const wanted = asked?.trim() ?? "";
  if (wanted !== "") return offered.find(({ name, upstreamModel }) => name === wanted || upstreamModel === wanted) ?? { name: wanted, upstreamModel: wanted, forceMapping: false };
  const [upstream] = service.upstreams;
  const { prices } = office.settings();
  const chatting = offered.filter(({ upstreamModel }) => !OTHER_TRADES.test(upstreamModel));
  const priced = chatting.flatMap((model) => {
    const price = prices.priceOf(upstream.provider.id, model.upstreamModel, upstream.name);
    return price === undefined ? [] : [{ model, cost: price.input + price.output }];
  });
  return priced.sort((a, b) => a.cost - b.cost)[0]?.model ?? chatting[0] ?? offered[0];
}

/** What the model said, or the message of the error. */
function messageOf(body: string, isGood: boolean): string {
  try {
    const value = JSON.parse(body) as { error?: { message?: unknown }; choices?: { message?: { content?: unknown } }[] };
    const said = isGood ? value.choices?.[0]?.message?.content : value.error?.message;
    return typeof said === "string" && said !== "" ? said : isGood ? "It answered." : "It refused without words.";
  } catch {
    return isGood ? "It answered." : "It refused without words.";
  }
}
