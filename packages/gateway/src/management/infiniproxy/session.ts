import { refuseForeignOrigin } from "../access/office-access.ts";
import { defineDesk, OfficeError, type Desk } from "../office.ts";
import { infiniproxyOperations } from "./contract.ts";
import { inputsOf } from "./inputs.ts";

/** Sessions of programs that log in as they did there. There is one password, and no name goes with it. */
export const sessionDesks: readonly Desk[] = [
  defineDesk(infiniproxyOperations.logIn, async ({ request, office, actor }) => {
    refuseForeignOrigin(request.headers);
    if (new URL(request.url).searchParams.has("password")) throw new OfficeError(400, "a password does not belong into an address");
    const inputs = await inputsOf(request);
    const password = inputs.text("password");
    if (inputs.text("username") === undefined || password === undefined) throw new OfficeError(400, "username and password are required");
    const kind = await office.access.checkKey(password, actor.visitor);
    return Response.json({ success: true, message: "Login successful" }, { headers: { "set-cookie": office.access.sessions.open(kind, request, "program").cookie } });
  }),
  defineDesk(infiniproxyOperations.logOut, ({ request, office }) => {
    refuseForeignOrigin(request.headers);
    return Response.json({ success: true, message: "Logout successful" }, { headers: { "set-cookie": office.access.sessions.end(request, "program") } });
  }),
  defineDesk(infiniproxyOperations.logInPage, () => new Response(null, { status: 303, headers: { location: "/admin" } })),
];
