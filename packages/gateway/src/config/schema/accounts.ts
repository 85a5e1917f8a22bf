import { z } from "zod";
import { flag, headers, limit, live } from "./fields.ts";

const text = z.string().trim().min(1);

const kindSettings = z.strictObject({
  "client-id": text.optional().meta(live("Client id at the vendor, in place of its own program's.")),
  "client-secret": text.optional().meta(live("Client secret. Kinds that need one say where to find it.", { secret: true })),
  endpoints: z.record(z.string(), z.string().trim().regex(/^https?:\/\/\S+$/i, "expected an http:// or https:// address")).default({}).meta(live(
    "Addresses at the vendor, by name: `authorize`, `token`, `device`, `userinfo` and what else the kind has.",
  )),
  "base-url": z.string().trim().regex(/^https?:\/\/\S+$/i, "expected an http:// or https:// address").optional().meta(live("Address of the model API.", { secret: "userinfo" })),
  scopes: z.array(text).optional().meta(live("Scopes that a login asks for.")),
  "callback-port": z.int().min(1).max(65_535).optional().meta(live("Port on which a browser's return is awaited.")),
  "user-agent": text.optional().meta(live("Sent as `User-Agent`; `dragoman` otherwise.")),
  headers: headers.meta(live("Further request headers, over the kind's own.", { secret: "tail" })),
  "system-prefix": z.array(z.string().min(1)).default([]).meta(live("Texts that go before the client's instructions, each as a block of its own, where the vendor requires one. The client's text is never changed.")),
  "renew-lead-seconds": z.int().min(0).optional().meta(live("Tokens are renewed this long before their end, in seconds.")),
  "max-concurrency": limit(0).meta(live("Requests that one account takes at a time. 0: as many as come.")),
  options: z.record(z.string(), z.json()).default({}).meta(live("What only this kind knows; see its guide.")),
});

/** Accounts at vendors: logins instead of keys. */
export const accountsShape = {
  accounts: z.strictObject({
    subscriptions: z.union([z.boolean(), z.array(text)], { error: "expected true, false or a list of kinds" }).default(false).meta(live(
      "Use and log in accounts of consumer subscriptions: all, none, or those of the kinds in a list, e.g. `[factory]`. Their vendors may forbid this outside their own programs, and may close the account: read their terms first.",
    )),
    encrypt: flag(false).meta(live("Keep stored logins encrypted, with the key of the data directory. Other programs cannot read them then.")),
    kinds: z.record(z.string(), kindSettings).default({}).meta(live("Settings by kind of account, e.g. `gemini-cli`; `dragoman login --list` names them.")),
  }).prefault({}).meta(live("Accounts at vendors.")),
};
