import { parseRange } from "../../../access/address-range.ts";
import { makeSecret } from "../../../access/stored-key.ts";
import type { ClientKey } from "../../../store/port.ts";
import { peopleOperations } from "../../contract/people.ts";
import { defineDesk, OfficeError, storeOf, type Desk, type Office } from "../../office.ts";
import { noUser } from "./users.ts";
import { viewsOf } from "./views.ts";

/** Client keys. A change holds from the next request on; a whole key is shown once, to whoever makes it. */
export const keyDesks: readonly Desk[] = [
  defineDesk(peopleOperations.listKeys, async ({ query, office }) => {
    const keys = await storeOf(office).keys.list(query);
    return { keys: await (await viewsOf(office)).keys(keys) };
  }),
  defineDesk(peopleOperations.createKey, async ({ body, office, note }) => {
    refuseUnknown(body, office);
    await refuseStranger(office, body.userId);
    const { key, view } = await createKey(office, body);
    note(`key:${view.id}`, { prefix: view.prefix, ...body });
    return { key, view: await (await viewsOf(office)).key(view) };
  }),
  defineDesk(peopleOperations.getKey, async ({ params, office }) => {
    const key = await storeOf(office).keys.find(params.id) ?? noKey();
    return (await viewsOf(office)).key(key);
  }),
  defineDesk(peopleOperations.updateKey, async ({ params, body, office, note }) => {
    refuseUnknown(body, office);
    await refuseStranger(office, body.userId);
    const key = await storeOf(office).keys.update(params.id, body) ?? noKey();
    await office.engine.guard.reload();
    note(`key:${key.id}`, { prefix: key.prefix, ...(key.name !== undefined && { name: key.name }), changed: body });
    return (await viewsOf(office)).key(key);
  }),
  defineDesk(peopleOperations.rotateKey, async ({ params, office, note }) => {
    const { engine: { ports, guard } } = office;
    const { key: secret, ...kept } = makeSecret(ports.ids, ports.secretKey);
    const key = await storeOf(office).keys.update(params.id, kept) ?? noKey();
    await guard.reload();
    note(`key:${key.id}`, { prefix: key.prefix, ...(key.name !== undefined && { name: key.name }) });
    return { key: secret, view: await (await viewsOf(office)).key(key) };
  }),
  defineDesk(peopleOperations.deleteKey, async ({ params, office, note }) => {
    const { keys } = storeOf(office);
    const key = await keys.find(params.id) ?? noKey();
    if (!(await keys.remove(key.id))) noKey();
    await office.engine.guard.reload();
    note(`key:${key.id}`, { prefix: key.prefix, ...(key.name !== undefined && { name: key.name }) });
    return undefined;
  }),
];

/** What of a key its maker decides. */
export type KeyWish = Partial<Omit<ClientKey, "id" | "prefix" | "hash" | "createdAt" | "lastUsedAt">>;

/** A key that is good from now on. */
export async function createKey(office: Office, wish: KeyWish): Promise<{ readonly key: string; readonly view: ClientKey }> {
  const { ports, guard } = office.engine;
  const { key, ...kept } = makeSecret(ports.ids, ports.secretKey);
  const view = await storeOf(office).keys.create({ ...wish, ...kept }, ports.clock.now());
  await guard.reload();
  return { key, view };
}

/** @throws OfficeError 400 with the path of what is no address range, or no dialect */
function refuseUnknown({ ipRanges, dialects }: { readonly ipRanges?: readonly string[] | null | undefined; readonly dialects?: readonly string[] | null | undefined }, office: Office): void {
  for (const [index, range] of (ipRanges ?? []).entries()) {
    if (parseRange(range) === undefined) throw invalid(`ipRanges[${index}]`, "expected an address such as 192.0.2.7 or 2001:db8::1, or a range such as 10.0.0.0/8");
  }
  const known = office.engine.routes.dialects.map(({ id }) => id);
  for (const [index, dialect] of (dialects ?? []).entries()) {
    if (!known.includes(dialect)) throw invalid(`dialects[${index}]`, `expected one of ${known.join(", ")}`);
  }
}

function invalid(path: string, message: string): OfficeError {
  return new OfficeError(400, { error: `${path}: ${message}`, path, in: "body" });
}

async function refuseStranger(office: Office, userId: number | null | undefined): Promise<void> {
  if (userId !== undefined && userId !== null && (await storeOf(office).users.find(userId)) === undefined) noUser();
}

function noKey(): never {
  throw new OfficeError(404, "there is no such key");
}
