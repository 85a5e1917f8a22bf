import { peopleOperations } from "../../contract/people.ts";
import { defineDesk, OfficeError, storeOf, type Desk } from "../../office.ts";
import { viewsOf } from "./views.ts";

/** Users. A change holds from the next request on. */
export const userDesks: readonly Desk[] = [
  defineDesk(peopleOperations.listUsers, async ({ office }) => {
    const users = await storeOf(office).users.list();
    return { users: await (await viewsOf(office)).users(users) };
  }),
  defineDesk(peopleOperations.createUser, async ({ body, office, note }) => {
    const user = await storeOf(office).users.create(body, office.engine.ports.clock.now());
    await office.engine.guard.reload();
    note(`user:${user.id}`, body);
    return (await viewsOf(office)).user(user);
  }),
  defineDesk(peopleOperations.getUser, async ({ params, office }) => {
    const user = await storeOf(office).users.find(params.id) ?? noUser();
    return (await viewsOf(office)).user(user);
  }),
  defineDesk(peopleOperations.updateUser, async ({ params, body, office, note }) => {
    const user = await storeOf(office).users.update(params.id, body) ?? noUser();
    await office.engine.guard.reload();
    note(`user:${user.id}`, { username: user.username, changed: body });
    return (await viewsOf(office)).user(user);
  }),
  defineDesk(peopleOperations.deleteUser, async ({ params, office, note }) => {
    const { users } = storeOf(office);
    const user = await users.find(params.id) ?? noUser();
    if (!(await users.remove(user.id))) noUser();
    await office.engine.guard.reload();
    note(`user:${user.id}`, { username: user.username });
    return undefined;
  }),
];

/** @throws OfficeError 404 */
export function noUser(): never {
  throw new OfficeError(404, "there is no such user");
}
