import { createSimulator, SIMULATED, type Script, type Simulator } from "@dragoman/gateway/testing";
import { listen, type Listening } from "../../kit/running.ts";

/** A request for a model, as the vendor got it. */
export interface ModelCall {
  readonly path: string;
  readonly headers: Headers;
  /** Whole, with the members that only this vendor knows. */
  readonly body: Record<string, unknown>;
}

/** The body as the dialect knows it; a text: why the vendor refuses the request; a Response: what it answers instead. */
export type VendorRule = (call: ModelCall) => Record<string, unknown> | string | Response;

/** A vendor's model API: first its own rules are checked, then its dialects' simulators answer, which are as strict. */
export interface ModelApi extends Listening {
  /** What passed the vendor's rules. */
  readonly calls: ModelCall[];
  /** By dialect id. */
  simulator(dialect: string): Simulator;
  /** Answers in place of the next requests, as long as there is one. */
  readonly instead: Response[];
}

/** @param dialects ids of the dialects that the vendor speaks, by the end of the path */
export function startModelApi(dialects: Readonly<Record<string, string>>, rule: VendorRule, script: Script = () => ({ text: "Good day" })): ModelApi {
  const calls: ModelCall[] = [];
  const instead: Response[] = [];
  const simulators = new Map(Object.keys(dialects).map((id) => {
    const simulated = SIMULATED.find(({ dialect }) => dialect.id === id);
    if (simulated === undefined) throw new Error(`nobody simulates ${id}`);
    return [id, createSimulator(simulated.dialect, simulated.vendor, script)] as const;
  }));
  const listening = listen(async (request) => {
    const { pathname } = new URL(request.url);
    const id = Object.keys(dialects).find((each) => pathname === dialects[each]);
    const simulator = simulators.get(id ?? "");
    const call: ModelCall = { path: pathname, headers: request.headers, body: (await request.json()) as Record<string, unknown> };
    const ruled = rule(call);
    if (ruled instanceof Response) return ruled;
    if (typeof ruled === "string") return Response.json({ error: { message: ruled, type: "invalid_request_error" } }, { status: 400 });
    if (simulator === undefined) return new Response("not found", { status: 404 });
    calls.push(call);
    return instead.shift() ?? simulator.fetch(new Request(request.url, { method: "POST", headers: request.headers, body: JSON.stringify(ruled) }));
  });
  return {
    ...listening, calls, instead,
    simulator(dialect) {
      const simulator = simulators.get(dialect);
      if (simulator === undefined) throw new Error(`this vendor does not speak ${dialect}`);
      return simulator;
    },
  };
}

/** The body without members that only this vendor knows. */
export function plain(body: Record<string, unknown>, ...members: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !members.includes(name)));
}
