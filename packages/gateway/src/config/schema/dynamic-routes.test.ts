import { expect, test } from "bun:test";
import { parseConfig } from "../parse.ts";

const problemsOf = (hosts: readonly string[]): readonly string[] => {
  const parsed = parseConfig({ "dynamic-routes": { enabled: true, hosts } }, {});
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path}: ${message}`);
};

test.each([["api.groq.com"], ["api.groq.com:443"], ["*.example.com"], ["*.example.com:8443"], ["localhost:11434"], ["gpu_box"], ["127.0.0.1"], ["[::1]"], ["[2606:4700::1]:8443"]])("%s is a host", (host) => {
  expect(problemsOf([host])).toEqual([]);
});

test.each([["https://api.groq.com"], ["api.groq.com/openai/v1"], ["*"], ["api.*.com"], [""], ["user@host"], ["host:port"], ["::1"]])("%j is none, and would shut everybody out", (host) => {
  expect(problemsOf([host])).toEqual([expect.stringMatching(/dynamic-routes\.hosts\[0\].*host:port/)]);
});
