import { budgetGauges } from "../../observe/metrics/budget-gauges.ts";
import { gaugesOf } from "../../observe/metrics/house-gauges.ts";
import { SESSION_HEADER } from "../access/office-access.ts";
import { sameText } from "../access/sessions.ts";
import { observeOperations } from "../contract/observe.ts";
import { defineDesk, OfficeError, type Actor, type Desk, type Office } from "../office.ts";

const TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";
/** A store that takes longer is not there, for a probe that asks every few seconds. */
const STORE_TIMEOUT_MS = 2000;

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
}

/** @throws OfficeError 401, 403 */
async function admitReader(office: Office, request: Request, { visitor }: Actor): Promise<void> {
  const { open, token } = office.ports.config.current().config.metrics;
  if (open) return;
  const bearer = /^bearer +(.*)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (token !== "" && bearer !== undefined && sameText(token, bearer)) return;
  await office.access.identify(request, visitor);
}

async function checkStore({ store }: Office): Promise<Check> {
  if (store === undefined) return { name: "store", ok: true, message: "there is none" };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${STORE_TIMEOUT_MS} ms`)), STORE_TIMEOUT_MS);
  });
  try {
    await Promise.race([store.keys.revision(), late]);
    return { name: "store", ok: true, message: `${store.kind} answers` };
  } catch (error) {
    return { name: "store", ok: false, message: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

function checkModels({ engine }: Office): Check {
  const count = engine.switchboard.listModels().length;
  return { name: "models", ok: count > 0, message: count > 0 ? `${count} models can be served` : "no model can be served: no upstream is configured, or all credentials were refused" };
}

/** Probes come without a key and guess nothing, so that they are not counted as wrong guesses. */
async function mayKnow(office: Office, request: Request, { visitor }: Actor): Promise<boolean> {
  const { headers } = request;
  if (!headers.has("authorization") && !headers.has("x-management-key") && !headers.has(SESSION_HEADER)) return false;
  try {
    await office.access.identify(request, visitor);
    return true;
  } catch {
    return false;
  }
}

export const observeDesks: readonly Desk[] = [
  defineDesk(observeOperations.metrics, async ({ office, request, actor }) => {
    if (!office.ports.config.current().config.metrics.enabled) throw new OfficeError(404, "metrics are switched off");
    await admitReader(office, request, actor);
    return new Response(office.metrics.text() + gaugesOf(office) + (await budgetGauges(office)), { headers: { "content-type": TEXT_FORMAT } });
  }),
  defineDesk(observeOperations.live, () => ({ status: "ok" as const })),
  defineDesk(observeOperations.ready, async ({ office, request, actor }) => {
    const checks = [await checkStore(office), checkModels(office)];
    const reasons = checks.filter(({ ok }) => !ok).map(({ name }) => name);
    const detailed = await mayKnow(office, request, actor);
    const body = { status: reasons.length === 0 ? ("ready" as const) : ("not-ready" as const), reasons, ...(detailed && { checks }) };
    return reasons.length === 0 ? body : Response.json(body, { status: 503 });
  }),
];
