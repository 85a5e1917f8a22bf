import { expect, test } from "bun:test";
import { parsePastedCallback } from "./pasted-callback.ts";

test.each([
  ["http://localhost:54545/callback?code=abc&state=xyz", { code: "abc", state: "xyz" }],
  ["  https://localhost/callback?state=xyz&code=abc  ", { code: "abc", state: "xyz" }],
  ["localhost:1455/auth/callback?code=abc&state=xyz", { code: "abc", state: "xyz" }],
  ["/callback?code=abc&state=xyz", { code: "abc", state: "xyz" }],
  ["?code=abc&state=xyz", { code: "abc", state: "xyz" }],
  ["code=abc&state=xyz", { code: "abc", state: "xyz" }],
  ["code=4/0AbCd&state=xyz", { code: "4/0AbCd", state: "xyz" }],
  ["abc#xyz", { code: "abc", state: "xyz" }],
  ["http://localhost/?code=abc%23xyz", { code: "abc", state: "xyz" }],
  ["http://localhost/?code=abc%23xyz&state=own", { code: "abc", state: "own" }],
  ["http://localhost/callback?code=abc#xyz", { code: "abc", state: "xyz" }],
  ["http://localhost/callback#code=abc&state=xyz", { code: "abc", state: "xyz" }],
  ["http://localhost/callback?code=abc#state=xyz", { code: "abc", state: "xyz" }],
  ["http://localhost/?error=access_denied&state=xyz", { error: "access_denied", state: "xyz" }],
  ["http://localhost/?error_description=no+way", { error: "no way" }],
  ["http://localhost/?error=denied&error_description=no+way", { error: "denied" }],
  ["http://localhost/callback", {}],
])("%s", (text, expected) => {
  expect(parsePastedCallback(text)).toEqual(expected);
});

test.each(["", "abc", "not an address", "http://", "://"])("%p is nothing", (text) => {
  expect(parsePastedCallback(text)).toBeUndefined();
});
