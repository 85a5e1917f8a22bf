import type { Json, JsonObject } from "@dragoman/core";
import { isJsonObject } from "@dragoman/core";
import { refuseForeignOrigin, refuseForgery } from "../access/office-access.ts";
import { withValueAt } from "../config-path.ts";
import { sessionOperations } from "../contract/session.ts";
import { defineDesk, OfficeError, type Desk, type Errand, type Office } from "../office.ts";
import { VERSION } from "../../version.ts";

/** bcrypt reads no more of a secret. */
const MAX_KEY_BYTES = 72;
const MADE_KEY_LENGTH = 40;

type AnyErrand = Pick<Errand<unknown, unknown, unknown>, "office" | "request" | "actor">;

const SECRET = ["remote-management", "secret-key"] as const;

export const sessionDesks: readonly Desk[] = [
  defineDesk(sessionOperations.getSession, ({ office, request, actor }) => {
    const session = office.access.sessionOf(request.headers, actor.visitor);
    return {
      signedIn: session !== undefined,
      ...(session !== undefined && { expiresAt: session.expiresAt, version: VERSION }),
      setup: office.access.isSetupOpen(actor.visitor),
    };
  }),
  defineDesk(sessionOperations.signIn, async ({ office, request, actor, body }) => {
    refuseForgery(request);
    const kind = await office.access.checkKey(body.key, actor.visitor);
    return begin({ office, request, actor }, kind, {});
  }),
  defineDesk(sessionOperations.signOut, ({ office, request }) => {
    refuseForgery(request);
    return new Response(null, { status: 204, headers: { "set-cookie": office.access.sessions.end(request) } });
  }),
  defineDesk(sessionOperations.beginSetup, async ({ office, request, actor, body, note }) => {
    refuseForeignOrigin(request.headers);
    if (body.key !== undefined && new TextEncoder().encode(body.key).length > MAX_KEY_BYTES) throw new OfficeError(400, { error: `key: longer than ${MAX_KEY_BYTES} bytes`, path: "key", in: "body" });
    if (!office.access.takeSetupToken(body.token, actor.visitor)) throw new OfficeError(403, "the link is wrong, used or too old");
    const key = body.key ?? office.engine.ports.ids.random(MADE_KEY_LENGTH);
    try {
      await setKey(office, key);
    } catch (error) {
      office.access.giveSetupTokenBack();
      throw error;
    }
    note("remote-management.secret-key", { made: body.key === undefined });
    return begin({ office, request, actor }, "setup", body.key === undefined ? { key } : {});
  }),
  defineDesk(sessionOperations.checkSetup, async ({ office }) => ({
    managementKey: office.access.isOpen,
    upstream: office.engine.switchboard.listModels().length > 0,
    clientKey: await hasClientKey(office),
    firstCall: await hasCalls(office),
  })),
];

function begin({ office, request }: AnyErrand, kind: Parameters<Office["access"]["sessions"]["open"]>[0], more: JsonObject): Response {
  const { cookie, expiresAt } = office.access.sessions.open(kind, request);
  return Response.json({ ...(kind !== "setup" && { signedIn: true }), ...more, expiresAt }, { headers: { "set-cookie": cookie } });
}

/** The hash alone is written: the key itself is never on the disk. */
async function setKey({ ports }: Office, key: string): Promise<void> {
  const hash = await ports.passwords.hash(key);
  await ports.config.change((tree) => withValueAt(withoutScalar(tree), SECRET, hash));
}

/** A section that somebody wrote as something else than a mapping would be in the way. */
function withoutScalar(tree: { readonly [key: string]: Json }): { readonly [key: string]: Json } {
  return isJsonObject(tree["remote-management"]) || tree["remote-management"] === undefined ? tree : { ...tree, "remote-management": {} };
}

async function hasClientKey(office: Office): Promise<boolean> {
  return office.settings().apiKeys.length > 0 || ((await office.store?.keys.list()) ?? []).length > 0;
}

async function hasCalls({ store }: Office): Promise<boolean> {
  return store !== undefined && (await store.usage.records({ limit: 1 })).records.length > 0;
}
