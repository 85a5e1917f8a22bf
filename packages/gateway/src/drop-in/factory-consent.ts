import { FACTORY_TERMS } from "../accounts/kinds/factory/terms.ts";
import type { ConfigNote } from "../config/findings.ts";
import { type RawObject, isRawObject } from "../config/raw.ts";

/** The operator's consent, for this one kind of account. */
export const FACTORY_CONSENT: RawObject = { subscriptions: ["factory"] };

/** What is said when a setting of another gateway stands for that consent. */
export function consentNote(path: string): ConfigNote {
  return { kind: "warning", path, message: `is read as your consent to use Factory accounts here (accounts.subscriptions: [factory]). ${FACTORY_TERMS}` };
}

/** Whether the file leaves it to the environment: it neither gives nor refuses consent, and lets the environment be looked at. */
export function leavesConsentOpen(file: RawObject): boolean {
  const { accounts, discovery } = file;
  const isDecided = isRawObject(accounts) && accounts.subscriptions !== undefined && accounts.subscriptions !== null;
  return !isDecided && !(isRawObject(discovery) && discovery.environment === false);
}

/** Texts of others stay as they are: what looks like a reference in them is none. */
export function literal(text: string): string {
  return text.split("${").join("$${");
}
