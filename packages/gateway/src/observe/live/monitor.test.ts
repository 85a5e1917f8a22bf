import { describe, expect, test } from "bun:test";
import { GatewayError } from "@dragoman/core";
import type { Call } from "../../pipeline/call.ts";
import type { RefusedRequest } from "../call-observer.ts";
import { LiveMonitor } from "./monitor.ts";

const clock = { at: 1000, now: () => clock.at };

function callOf(count: number, bodyText = ""): Call {
  return {
    requestId: `req_${count}`, startedAt: count, method: "POST", principal: { id: "anonymous" }, endpoint: "POST /v1/messages", dialect: { id: "anthropic-messages" },
    input: { path: "/v1/messages", query: { get: () => null } }, headers: new Headers(), bodyText, story: { attempts: 0, failures: [] },
  } as unknown as Call;
}

const begun = (monitor: LiveMonitor, call: Call): Call => {
  monitor.requestBegan(call);
  return call;
};
const refusalOf = (requestId: string): RefusedRequest => ({ requestId, method: "POST", endpoint: "POST /v1/messages", clientDialect: "anthropic-messages", visitor: {}, status: 401, error: new GatewayError("invalid_api_key", { source: "client" }) });
const end = (monitor: LiveMonitor, call: Call): void => monitor.requestEnded(call, { status: 200, losses: [] });

describe("what is kept", () => {
  test("the last five hundred that ended, and all that run", () => {
    const monitor = new LiveMonitor(clock, { enabled: false, maxBytes: 1024, maxRequests: 5 });
    const old = callOf(0);
    monitor.requestBegan(old);
    for (let count = 1; count <= 600; count++) {
      const call = callOf(count);
      monitor.requestBegan(call);
      end(monitor, call);
    }
    const list = monitor.list();
    expect(list.length).toBe(501);
    expect(list[0]?.requestId).toBe("req_600");
    expect(list.at(-1)).toMatchObject({ requestId: "req_0", state: "running" });
    expect(monitor.find("req_100")).toBeUndefined();
    expect(monitor.openRequests).toBe(1);
    end(monitor, old);
    expect(monitor.find("req_0")?.state).toBe("succeeded");
    expect(monitor.find("req_101")).toBeUndefined();
  });

  test("those who are refused do not push out the others, however many", () => {
    const monitor = new LiveMonitor(clock, { enabled: false, maxBytes: 1024, maxRequests: 5 });
    for (let count = 0; count < 3; count++) end(monitor, begun(monitor, callOf(count)));
    for (let count = 0; count < 1_000; count++) monitor.requestRefused(refusalOf(`req_refused_${count}`));
    expect(monitor.list().length).toBe(103);
    expect(monitor.find("req_0")?.state).toBe("succeeded");
    expect(monitor.find("req_refused_899")).toBeUndefined();
    expect(monitor.find("req_refused_900")).toMatchObject({ state: "failed", status: 401, errorCode: "invalid_api_key", startedAt: 1000, endedAt: 1000 });
  });

  test("an entry holds nothing of the body unless that is switched on", () => {
    const monitor = new LiveMonitor(clock, { enabled: false, maxBytes: 1024, maxRequests: 5 });
    expect(monitor.requestBegan(callOf(1, "words of a user"))).toBeUndefined();
    expect(JSON.stringify(monitor.list())).not.toContain("words of a user");
  });
});

describe("captured bodies", () => {
  test("all together stay below their limit, however many requests there may be", () => {
    const monitor = new LiveMonitor(clock, { enabled: true, maxBytes: 16 * 1_048_576, maxRequests: 500 });
    for (let count = 0; count < 8; count++) monitor.requestBegan(callOf(count, "x".repeat(16 * 1_048_576)));
    expect(monitor.capture.bytes).toBeLessThanOrEqual(64 * 1_048_576);
    expect(monitor.list().filter(({ capture }) => capture !== undefined).length).toBe(4);
    expect(monitor.find("req_0")?.capture).toBeUndefined();
  });

  test("one that made room keeps nothing more of what comes", () => {
    const monitor = new LiveMonitor(clock, { enabled: true, maxBytes: 1024, maxRequests: 1 });
    const first = monitor.requestBegan(callOf(1, "12345"));
    monitor.requestBegan(callOf(2, "123"));
    first?.clientChunk("x".repeat(100));
    expect(monitor.capture.bytes).toBe(3);
  });

  test("a word of the configuration that has changed goes over a switch by hand, another does not", () => {
    const settings = { enabled: false, maxBytes: 1024, maxRequests: 5 };
    const { capture } = new LiveMonitor(clock, settings);
    capture.switch(true, 1);
    capture.configure({ ...settings, maxRequests: 3 });
    expect(capture.state).toEqual({ enabled: true, until: clock.at + 60_000, maxBytes: 1024, maxRequests: 3 });
    capture.configure({ ...settings, enabled: true });
    expect(capture.state.until).toBeUndefined();
    capture.configure(settings);
    expect(capture.isOn).toBe(false);
  });
});
