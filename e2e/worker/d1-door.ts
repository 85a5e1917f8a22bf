// A Worker that carries statements to the store's executor over D1, so that a store outside can work on it. Built for the tests.
import type { D1 } from "../../packages/worker/src/bindings.ts";
import { background } from "../../packages/worker/src/background.ts";
import { D1Executor } from "../../packages/worker/src/d1.ts";
import type { SqlStatement } from "@dragoman/gateway";

export default {
  async fetch(request: Request, { DB }: { readonly DB: D1 }): Promise<Response> {
    const statements = (await request.json()) as readonly SqlStatement[];
    try {
      return Response.json({ rows: await new D1Executor(DB, background).batch(statements) });
    } catch (error) {
      return Response.json({ error: { name: (error as Error).name, message: (error as Error).message } });
    }
  },
};
