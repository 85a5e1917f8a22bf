import type { Json } from "@dragoman/core";
import { configJsonSchema, findingText } from "../../config/index.ts";
import { fillIn, KEY_PLACEHOLDER, MODEL_PLACEHOLDER } from "../../connect/index.ts";
import { credentialAt, type Placed } from "../../routing/roster.ts";
import { VERSION } from "../../version.ts";
import { withValueAt, type ConfigTree } from "../config-path.ts";
import { houseOperations } from "../contract/house.ts";
import { defineDesk, OfficeError, storeOf, type Desk, type LocatedProblem, type Office } from "../office.ts";
import { isConfigured, switchCredential } from "../switch-credential.ts";
import { modelViews } from "./house/model-views.ts";
import { removalOrder } from "./house/removal-order.ts";
import { tryCredential } from "./house/try-credential.ts";
import { pathText, upstreamViews } from "./house/upstreams.ts";

const operations = houseOperations;

export const houseDesks: readonly Desk[] = [
  defineDesk(operations.providers, async ({ office }) => ({ upstreams: await upstreamViews(office) })),

  defineDesk(operations.setCredential, async ({ office, params, body, note }) => {
    const { credential } = placedAt(office, params.index);
    if (!isConfigured(credential)) throw new OfficeError(409, "it does not come from the configuration");
    note(credential.label, { disabled: body.disabled });
    await switchCredential(office.ports.config, credential, body.disabled);
    return { status: "ok" as const };
  }),

  defineDesk(operations.testCredential, ({ office, params, body }) => tryCredential(office, placedAt(office, params.index), body.model)),

  defineDesk(operations.models, ({ office }) => ({ models: modelViews(office), pricesFrom: office.settings().prices.date })),

  defineDesk(operations.configSchema, () => configJsonSchema({ annotated: true })),

  defineDesk(operations.checkConfig, ({ office, body }) => {
    const { syntaxError, problems, notes, changes } = office.ports.config.check(body.text);
    const found = syntaxError !== undefined && problems.length === 0 ? [{ path: "", message: syntaxError }] : problems.map(shownFinding);
    return {
      ok: found.length === 0,
      problems: found,
      notes: notes.map(shownFinding),
      changes: changes.map(({ path, summary, reload }) => ({ path, summary, reload })),
    };
  }),

  defineDesk(operations.changeConfig, async ({ office, body, note }) => {
    note(undefined, { set: body.set.map(({ path }) => pathText(path)), removed: body.remove.map(pathText) });
    await office.ports.config.change((tree) => {
      const set = body.set.reduce<ConfigTree>((next, { path, value }) => placed(next, path, value), tree);
      return removalOrder(body.remove).reduce((next, path) => placed(next, path, undefined), set);
    });
    return { status: "ok" as const };
  }),

  defineDesk(operations.audit, async ({ office, query }) => {
    const { limit, before, action } = query;
    // One more than asked for tells whether there are more.
    const entries = await storeOf(office).audit.list({ limit: limit + 1, ...(before !== undefined && { before }), ...(action !== undefined && { action }) });
    const shown = entries.slice(0, limit);
    const last = shown.at(-1);
    return { entries: shown.map(({ details, ...entry }) => ({ ...entry, ...(details !== undefined && { details: { ...details } }) })), ...(entries.length > limit && last !== undefined && { nextBefore: last.id }) };
  }),

  defineDesk(operations.connect, ({ office, query, request }) => {
    const url = clientUrl(office, request);
    const key = query.key?.trim() ?? "";
    const model = query.model?.trim() ?? "";
    return { baseUrl: url, clients: fillIn({ url, key: key === "" ? KEY_PLACEHOLDER : key, model: model === "" ? MODEL_PLACEHOLDER : model }) };
  }),

  defineDesk(operations.system, async ({ office }) => {
    const { ports, store } = office;
    const { config, path } = ports.config.current();
    const { runtime, startedAt, dataDirectory } = ports.facts;
    const records = store === undefined ? undefined : await recordCount(office);
    return {
      version: VERSION, runtime, startedAt, store: store?.kind ?? "none",
      ...(path !== undefined && { configPath: path }),
      ...(dataDirectory !== undefined && { dataDirectory }),
      pricesFrom: office.settings().prices.date,
      ...(records !== undefined && { records }),
      allowRemote: config["remote-management"]["allow-remote"] || (ports.environmentKey ?? "") !== "",
      capture: office.monitor.capture.state.enabled,
    };
  }),
];

const shownFinding = (finding: LocatedProblem): { path: string; line?: number; message: string } => ({ path: finding.path, ...(finding.line !== undefined && { line: finding.line }), message: findingText(finding) });

/** @throws OfficeError 404 */
function placedAt(office: Office, index: string): Placed {
  const found = credentialAt(office.engine.switchboard.roster, index);
  if (found === undefined) throw new OfficeError(404, "there is no such credential");
  return found;
}

/** @throws OfficeError 422 when the path leads nowhere */
function placed(tree: ConfigTree, path: readonly (string | number)[], value: Json | undefined): ConfigTree {
  try {
    return withValueAt(tree, path, value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new OfficeError(422, { error: "invalid_config", message: error.message, path: pathText(path) });
  }
}

async function recordCount(office: Office): Promise<number> {
  await office.engine.ports.usage.flush?.();
  const [row] = await storeOf(office).usage.group({ groupBy: [] });
  return row?.attempts ?? 0;
}

/** An address that listens everywhere is no address to go to; then it is the one by which this page was reached. */
function clientUrl(office: Office, request: Request): string {
  const url = new URL(office.ports.facts.url());
  return /^(0\.0\.0\.0|\[::\])$/.test(url.hostname) ? new URL(request.url).origin : url.origin;
}
