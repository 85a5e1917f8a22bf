import { expect, test } from "bun:test";
import type { Call } from "../../pipeline/call.ts";
import { RunningCalls } from "./running-calls.ts";

const call = (): Call => ({ story: { attempts: 0, failures: [] } }) as unknown as Call;

test("calls leave in any order, each once", () => {
  const running = new RunningCalls();
  const [a, b, c, d] = [call(), call(), call(), call()];
  for (const each of [a, b, c]) running.add(each);
  expect([running.delete(a), running.delete(a), running.delete(d)]).toEqual([true, false, false]);
  expect(new Set(running.calls)).toEqual(new Set([b, c]));
  running.add(d);
  expect([running.delete(c), running.delete(d)]).toEqual([true, true]);
  expect(running.calls).toEqual([b]);
  expect([running.has(a), running.has(b), running.size]).toEqual([false, true, 1]);
  expect([running.delete(b), running.size]).toEqual([true, 0]);
});
