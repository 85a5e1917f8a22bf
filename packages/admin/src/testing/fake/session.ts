import { Refusal } from "./refusal.ts";

const HOURS = 12 * 3_600_000;
export const FAKE_MANAGEMENT_KEY = "open-sesame";
export const FAKE_SETUP_TOKEN = "first-run";

/** One browser's session; `state` says how it begins. */
export function makeSession(state: "signed-in" | "signed-out" | "setup", clock: () => number): { readonly signedIn: () => boolean; readonly handlers: Readonly<Record<string, unknown>> } {
  let signedIn = state === "signed-in";
  let setup = state === "setup";
  return {
    signedIn: () => signedIn,
    handlers: {
      getSession: () => ({ signedIn, setup, ...(signedIn && { expiresAt: clock() + HOURS, version: "0.1.0" }) }),
      signIn: ({ body }: { body: { key: string } }) => {
        if (body.key !== FAKE_MANAGEMENT_KEY) throw new Refusal(401, "invalid management key");
        signedIn = true;
        return { signedIn, expiresAt: clock() + HOURS };
      },
      signOut: () => {
        signedIn = false;
      },
      beginSetup: ({ body }: { body: { token: string; key?: string } }) => {
        if (!setup || body.token !== FAKE_SETUP_TOKEN) throw new Refusal(403, "the token is wrong, used or too old");
        [signedIn, setup] = [true, false];
        return { ...(body.key === undefined && { key: "made-here-5hP0Yc8rT2vJ6mXq" }), expiresAt: clock() + HOURS };
      },
      checkSetup: () => ({ managementKey: true, upstream: state !== "setup", clientKey: state !== "setup", firstCall: state !== "setup" }),
    },
  };
}
