import { isJsonObject, type Json } from "@dragoman/core";
import type { ConfigPath } from "../config/index.ts";
import { valueAt, withValueAt, type ConfigTree } from "./config-path.ts";
import type { Credential } from "../credentials/credential.ts";
import { OfficeError, type ConfigKeeper } from "./office.ts";

const COMPATIBLE = "openai-compatibility";

/** A credential that has a place in the file. */
type Configured = Pick<Credential, "apiKey"> & { readonly source: ConfigPath };

export function isConfigured(credential: Credential): credential is Credential & Configured {
  return credential.source !== undefined;
}

/** What was written: `*` among the excluded models of an entry, or `disabled` at an entry or a key that has that. */
export type SwitchedBy = "excluded-models" | "disabled";

/**
 * Switches a configured credential off or on, in the file.
 * @throws OfficeError 409 when something else stands in its place by now; ConfigRefused
 */
export async function switchCredential(keeper: ConfigKeeper, { source: place, apiKey = "" }: Configured, disabled: boolean): Promise<SwitchedBy> {
  const how: SwitchedBy = place[0] === COMPATIBLE ? "disabled" : "excluded-models";
  await keeper.change((tree, expanded) => {
    if (valueAt(tree, place) === undefined) throw new OfficeError(409, "this credential is not in the file: it comes from a variable, or the configuration has changed meanwhile");
    const key = valueAt(expanded, [...place, "api-key"]);
    if ((typeof key === "string" ? key.trim() : "") !== apiKey) throw new OfficeError(409, "the configuration has changed meanwhile; try again");
    return how === "disabled" ? switchCompatible(tree, place, disabled) : switchEntry(tree, place, disabled);
  });
  return how;
}

function switchEntry(tree: ConfigTree, place: ConfigPath, disabled: boolean): ConfigTree {
  const patterns = valueAt(tree, [...place, "excluded-models"]);
  const others = (Array.isArray(patterns) ? (patterns as readonly Json[]) : []).filter((pattern) => typeof pattern !== "string" || pattern.trim() !== "*");
  const next = disabled ? [...others, "*"] : others;
  return withValueAt(tree, [...place, "excluded-models"], next.length === 0 ? undefined : next);
}

/** One of several keys is switched by itself. Where the whole upstream is off, switching one key on leaves the others off. */
function switchCompatible(tree: ConfigTree, place: ConfigPath, disabled: boolean): ConfigTree {
  const entry = place.slice(0, 2);
  const keys = valueAt(tree, [...entry, "api-key-entries"]);
  const count = Array.isArray(keys) ? keys.length : 0;
  if (count <= 1) return off(off(tree, entry, disabled), place, disabled && place.length === entry.length);
  if (disabled) return off(tree, place, true);
  const wholeIsOff = isJsonObject(valueAt(tree, entry)) && valueAt(tree, [...entry, "disabled"]) === true;
  const others = wholeIsOff ? Array.from({ length: count }, (_, index) => [...entry, "api-key-entries", index]) : [];
  return off(others.reduce((next, key) => off(next, key, true), off(tree, entry, false)), place, false);
}

/** What is on needs no word for it. */
function off(tree: ConfigTree, place: ConfigPath, disabled: boolean): ConfigTree {
  return withValueAt(tree, [...place, "disabled"], disabled ? true : undefined);
}
