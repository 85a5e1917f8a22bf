import type { Json } from "@dragoman/core";
import { defineAccountKind, type AccountKind } from "../../account-kind.ts";
import { address, isOwnKey, patchBody } from "./address.ts";
import { fromEnvironment } from "./environment.ts";
import { foundLogin } from "./found-login.ts";
import { factoryProvider, FACTORY_URL, linesOf } from "./lines.ts";
import { deviceLogin, keyLogin, renew } from "./login.ts";
import { readStored } from "./stored.ts";
import { FACTORY_TERMS } from "./terms.ts";

/** Values of `client-credentials` that say yes. */
const CLIENTS_MODES: ReadonlySet<Json | undefined> = new Set([true, "first"]);

/**
 * The model gateway of Factory.ai, by a key of its settings page or by a login of its users.
 *
 * Requests carry what its protocol needs: key, provider, session and message ids. What makes a request look like one of the
 * vendor's own program (`x-factory-client`, its `user-agent`, `x-stainless-*`, its first sentence of instructions) is not
 * sent by itself; an operator whose terms allow it sets `headers`, `user-agent` and `system-prefix` in
 * `accounts.kinds.factory`. The vendor may refuse requests without it with status 403.
 *
 * `options`: `models` (entries over the shipped ones), `shipped-models` (false: only those), `unlisted-models` (true: names
 * that no list holds are answered, too), `client-headers` (names of client headers that are let through),
 * `organization-header` (header that names a login's organisation), `client-credentials` (true: clients bring their own key
 * while nothing else is configured; `first`: whoever brings one is answered with it, whatever is configured).
 */
export const factory: AccountKind = defineAccountKind({
  name: "factory",
  types: ["factory"],
  title: "Factory",
  terms: FACTORY_TERMS,
  defaults: {
    // Public, of the vendor's program.
    clientId: "client_01HNM792M5G5G1A2THWPXKFMXB",
    endpoints: {
      token: "https://api.workos.com/user_management/authenticate",
      device: "https://api.workos.com/user_management/authorize/device",
    },
    baseUrl: FACTORY_URL,
  },
  // Tokens are good for 8 h, and are renewed after 6 h.
  renewLeadMs: 2 * 60 * 60_000,
  logins: [deviceLogin, keyLogin],
  provider: factoryProvider,
  lines: linesOf,
  read: readStored,
  renew,
  patchBody,
  address,
  fromEnvironment,
  found: [foundLogin],
  // One client's trouble is no other's, so that nothing rests.
  ofClients: ({ options }) => (CLIENTS_MODES.has(options?.["client-credentials"]) ? { type: "factory", clients: true, disable_cooling: true } : undefined),
  takesOwnKey: ({ options }) => (options?.["client-credentials"] === "first" ? isOwnKey : undefined),
});
