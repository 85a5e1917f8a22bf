import { z } from "zod";
import { flag, live, restart } from "./fields.ts";

/** Who may come in. */
export const accessShape = {
  "api-keys": z.array(z.string().meta(live("A client's key.", { secret: "tail" }))).default([]).meta(live(
    "Keys that clients must show, beside those that are made for users. Neither of them: everybody who can reach the port is let in.",
  )),
  "require-key": flag(false).meta(live("Let nobody in without a key, also while there is none.")),
  "client-key-header": z.string().trim().regex(/^[\w!#$%&'*+.^`|~-]*$/, "expected the name of a header").default("").meta(live(
    "A further request header that may hold a client's key, beside `authorization`, `x-api-key` and `x-goog-api-key`. It goes no further.",
  )),
  "seal-keys": z.array(z.string().min(16).meta(restart("A passphrase of at least 16 characters.", { secret: true }))).default([]).meta(restart(
    "Keys for the envelopes in which reasoning of other vendors travels through clients. The first closes, all open. Give the same to every instance. None: one that is made at the first start and kept on this machine.",
  )),
  "remote-management": z.strictObject({
    "allow-remote": flag(false).meta(live("Let the management API be used from other machines.")),
    "secret-key": z.string().default("").meta(live("Management secret, plain or bcrypt; a plain one is replaced by its hash. Empty: no management API.", { secret: true })),
    "disable-control-panel": flag(false).meta(live("Do not serve the web panel.")),
  }).prefault({}).meta(live("The management API.")),
  "ws-auth": flag(true).meta(live("Ask for a client key where pages connect to serve requests (`/v1/ws`). Switching it on sends those away that are connected.")),
  "auth-dir": z.string().trim().min(1).default("~/.dragoman/auth").meta(live(
    "Directory of stored logins. `~` is the home directory; write forward slashes on Windows, too.",
  )),
};
