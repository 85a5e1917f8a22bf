import { StoreConflict, type User } from "../../store/port.ts";
import { defineDesk, OfficeError, storeOf, type Desk, type Office } from "../office.ts";
import { createKey } from "../own/people/keys.ts";
import { infiniproxyOperations } from "./contract.ts";
import { inputsOf } from "./inputs.ts";
import { naiveIso } from "./moments.ts";

const WARNING = "Save this API key! It will not be shown again.";
const FIRST_KEY = "Default Key";
const LONGEST_NAME = 200;

/** Users and keys, as infiniproxy has them. */
export const peopleDesks: readonly Desk[] = [
  defineDesk(infiniproxyOperations.addUser, async ({ request, office, note }) => {
    const inputs = await inputsOf(request);
    const user = await addUser(office, inputs.text("username"), inputs.text("email"));
    const { key } = await createKey(office, { userId: user.id, name: FIRST_KEY });
    note(`user:${user.id}`, { username: user.username });
    return { success: true as const, user_id: user.id, username: user.username, message: `User ${user.username} created successfully`, api_key: key, warning: WARNING };
  }),
  defineDesk(infiniproxyOperations.users, async ({ office }) => {
    const users = await storeOf(office).users.list();
    return { users: users.map(({ id, username, email, createdAt, active }) => ({ id, username, email: email ?? null, created_at: naiveIso(createdAt), is_active: active })) };
  }),
  defineDesk(infiniproxyOperations.removeUser, async ({ params, office, note }) => {
    const { users } = storeOf(office);
    const user = await users.find(params.id);
    if (user === undefined || !(await users.remove(user.id))) return refuse(404, `User ${params.id} not found`);
    await office.engine.guard.reload();
    note(`user:${user.id}`, { username: user.username });
    return { success: true as const, message: `User ${user.username} deleted` };
  }),
  defineDesk(infiniproxyOperations.addKey, async ({ request, office, note }) => {
    const inputs = await inputsOf(request);
    const userId = idOf(inputs.text("user_id")) ?? refuse(400, "user_id is required");
    if ((await storeOf(office).users.find(userId)) === undefined) refuse(404, `User ${userId} not found`);
    const name = shortEnough("name", inputs.text("name"));
    const { key, view } = await createKey(office, { userId, ...(name !== undefined && { name }) });
    note(`key:${view.id}`, { prefix: view.prefix, userId, ...(name !== undefined && { name }) });
    return { success: true as const, api_key: key, user_id: userId, name: name ?? null, warning: WARNING };
  }),
  defineDesk(infiniproxyOperations.keys, async ({ query, office }) => {
    const userId = idOf(query.user_id);
    const keys = await storeOf(office).keys.list(userId === undefined ? {} : { userId });
    return {
      api_keys: keys.map((key) => ({
        id: key.id, user_id: key.userId ?? null, key_prefix: key.prefix, name: key.name ?? null,
        created_at: naiveIso(key.createdAt), last_used_at: key.lastUsedAt === undefined ? null : naiveIso(key.lastUsedAt), is_active: key.active,
      })),
    };
  }),
  defineDesk(infiniproxyOperations.endKey, async ({ params, office, note }) => {
    const key = await storeOf(office).keys.update(params.id, { active: false }) ?? refuse(404, `API key ${params.id} not found`);
    await office.engine.guard.reload();
    note(`key:${key.id}`, { prefix: key.prefix, changed: { active: false } });
    return { success: true as const, message: `API key ${key.id} deactivated` };
  }),
];

/** @throws OfficeError 400 */
export async function addUser(office: Office, username: string | undefined, email: string | undefined): Promise<User> {
  const name = shortEnough("username", username) ?? refuse(400, "username is required");
  const address = shortEnough("email", email);
  try {
    return await storeOf(office).users.create({ username: name, ...(address !== undefined && { email: address }) }, office.engine.ports.clock.now());
  } catch (thrown) {
    if (thrown instanceof StoreConflict) refuse(400, `User ${name} already exists`);
    throw thrown;
  }
}

function shortEnough(name: string, text: string | undefined): string | undefined {
  return text !== undefined && text.length > LONGEST_NAME ? refuse(400, `${name} is longer than ${LONGEST_NAME} characters`) : text;
}

/** @throws OfficeError 400 when it is no number */
function idOf(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : refuse(400, "user_id must be a positive integer");
}

function refuse(status: number, detail: string): never {
  throw new OfficeError(status, detail);
}
