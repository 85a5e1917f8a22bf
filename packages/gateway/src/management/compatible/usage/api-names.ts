import { configuredPrincipal } from "../../../usage/configured-principal.ts";
import type { AttemptRecord } from "../../../usage/attempt-record.ts";
import type { Office } from "../../office.ts";

/** What of an attempt names its row under `apis`. */
export type ApiFacts = Partial<Pick<AttemptRecord, "principal" | "endpoint" | "provider">>;

/** The rows of `apis`: client key, else endpoint, else provider, else `unknown`. */
export interface ApiNames {
  nameOf(facts: ApiFacts): string;
  /** The client key's text: whole for keys of the configuration, the beginning for stored ones; empty without one. */
  keyText(principal: string | undefined): string;
  /** Whom a row of an export speaks of. */
  factsOf(name: string): Required<ApiFacts>;
}

/** Attempts of nobody in particular. */
const ANONYMOUS = "anonymous";
const ENDPOINT = /^[A-Z]+ \//;

export async function apiNames(office: Pick<Office, "store" | "settings" | "engine">): Promise<ApiNames> {
  const stored = (await office.store?.keys.list()) ?? [];
  const texts = new Map<string, string>([
    ...office.settings().apiKeys.map((key): [string, string] => [configuredPrincipal(key), key]),
    ...stored.map(({ id, prefix }): [string, string] => [`key:${id}`, prefix]),
  ]);
  const principals = new Map([...texts].map(([principal, text]) => [text, principal]));
  const providers = new Set(office.engine.switchboard.roster.services().map(({ name }) => name));
  const keyText = (principal = ""): string => (principal === "" || principal === ANONYMOUS ? "" : (texts.get(principal) ?? principal));
  return {
    keyText,
    nameOf: ({ principal, endpoint = "", provider = "" }) => [keyText(principal), endpoint, provider, "unknown"].find((name) => name !== "") ?? "unknown",
    factsOf(name) {
      const nobody = { principal: ANONYMOUS, endpoint: "", provider: "" };
      if (ENDPOINT.test(name)) return { ...nobody, endpoint: name };
      if (name === "" || name === "unknown") return nobody;
      const principal = principals.get(name);
      if (principal === undefined && providers.has(name)) return { ...nobody, provider: name };
      // A key that nobody knows here any more: told apart from others, never written down itself.
      return { ...nobody, principal: principal ?? (isPrincipal(name) ? name : configuredPrincipal(name)) };
    },
  };
}

const isPrincipal = (name: string): boolean => /^key(:\d+|-[0-9a-f]{12})$/.test(name);
