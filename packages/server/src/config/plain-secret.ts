import { isScalar } from "yaml";
import { readDocument } from "./read-document.ts";
import { inline } from "./yaml-edit/render.ts";

/** Where a configuration may say the management secret, the old place last. */
const PLACES = [["remote-management", "secret-key"], ["remote-management-key"]] as const;

/** A management secret that stands in a file as it is typed. */
export interface PlainSecret {
  readonly secret: string;
  /** The text with something else in the place of that value, and nowhere else another. */
  replacedBy(hash: string): string;
}

/** bcrypt, in one of its three spellings. */
export function isHashed(secret: string): boolean {
  return /^\$2[aby]\$./.test(secret);
}

/** @returns `undefined`: there is none, it is a hash already, or a reference stands for it */
export function findPlainSecret(text: string): PlainSecret | undefined {
  const { document } = readDocument(text);
  if (document.errors.length > 0) return undefined;
  for (const place of PLACES) {
    const node: unknown = document.getIn(place, true);
    if (!isScalar(node) || node.range == null || node.value === null || node.value === "") continue;
    const secret = String(node.value);
    if (isHashed(secret) || secret.includes("${")) return undefined;
    const [from, to] = node.range;
    return { secret, replacedBy: (hash) => text.slice(0, from) + inline(hash, node.type ?? undefined, true) + text.slice(to) };
  }
  return undefined;
}
