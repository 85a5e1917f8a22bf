import { describe, expect, test } from "bun:test";
import { beginsWithProtocol, readNamedUpstream, type NamedUpstream } from "./named-path.ts";

const read = (mount: string): NamedUpstream => readNamedUpstream(mount, { modelFollows: false });
const readBeforeModel = (mount: string): NamedUpstream => readNamedUpstream(mount, { modelFollows: true });

test.each<[string, NamedUpstream]>([
  ["/https/api.groq.com/openai/v1/llama3-70b-8192", { baseUrl: "https://api.groq.com/openai/v1", model: "llama3-70b-8192" }],
  ["/http/localhost:11434/v1/llama3:8b", { baseUrl: "http://localhost:11434/v1", model: "llama3:8b" }],
  ["/https/api.example.com/m", { baseUrl: "https://api.example.com", model: "m" }],
  ["/HTTPS/API.Example.com/m", { baseUrl: "https://api.example.com", model: "m" }],
  ["/claude+https/api.example.com/m", { word: "claude", baseUrl: "https://api.example.com", model: "m" }],
  ["/OpenAI%2Bhttp/localhost:1234/v1/m", { word: "openai", baseUrl: "http://localhost:1234/v1", model: "m" }],
  ["/https/[2606:4700::1]:8443/v1/m", { baseUrl: "https://[2606:4700::1]:8443/v1", model: "m" }],
  // Without a protocol, as long as it looks like a host.
  ["/api.groq.com/openai/v1/m", { baseUrl: "https://api.groq.com/openai/v1", model: "m" }],
  ["/gpu-box:8000/v1/m", { baseUrl: "https://gpu-box:8000/v1", model: "m" }],
  // Models with slashes: encoded once, or behind the mark.
  ["/https/h.example/v1/meta-llama%2FLlama-3-70b", { baseUrl: "https://h.example/v1", model: "meta-llama/Llama-3-70b" }],
  ["/https/h.example/v1/-/meta-llama/Llama-3-70b", { baseUrl: "https://h.example/v1", model: "meta-llama/Llama-3-70b" }],
  ["/https/h.example/-/a/b/c", { baseUrl: "https://h.example", model: "a/b/c" }],
  ["/https/h.example/v1/a%252Fb", { baseUrl: "https://h.example/v1", model: "a%2Fb" }],
  ["/https/h.example/v1/-/a%20b", { baseUrl: "https://h.example/v1", model: "a b" }],
  ["/https/git.example/group/-/models/-/m", { baseUrl: "https://git.example/group/-/models", model: "m" }],
  // Nothing behind the mark: the request names the model.
  ["/https/h.example/v1/-", { baseUrl: "https://h.example/v1" }],
  ["/https/h.example/v1/-/", { baseUrl: "https://h.example/v1" }],
  ["/https/h.example/v1/models/@cf/m:free", { baseUrl: "https://h.example/v1/models/@cf", model: "m:free" }],
])("%s", (mount, named) => {
  expect(read(mount)).toEqual(named);
});

test.each<[string, NamedUpstream]>([
  ["/https/generativelanguage.googleapis.com", { baseUrl: "https://generativelanguage.googleapis.com" }],
  ["/https/api.groq.com/openai/v1", { baseUrl: "https://api.groq.com/openai/v1" }],
  ["/https/h.example/v1beta", { baseUrl: "https://h.example/v1beta" }],
  ["/https/h.example/v1/m", { baseUrl: "https://h.example/v1", model: "m" }],
  ["/https/h.example/api/-", { baseUrl: "https://h.example/api" }],
])("before a client path that names a model: %s", (mount, named) => {
  expect(readBeforeModel(mount)).toEqual(named);
});

describe("what cannot be read is told with the form that is expected", () => {
  test.each([
    ["/https"], ["/https/"], ["/https//m"], ["/https/h.example"], ["/https/h.example/v1"], ["/https/h.example/"], ["/https/h.example/v1//m"], ["/https/h.example/v1/m/"],
    ["/https/user@h.example/m"], ["/https/user:password@h.example/m"], ["/https/h.example:port/m"], ["/https/h.example:123456/m"],
    ["/https/h.example./m"], ["/https/.h.example/m"], ["/https/h%2Eexample/m"], ["/https/h.example%2Fevil/m"], ["/https/h.example%00/m"], ["/https/h.example\\evil/m"], ["/https/h.example\tevil/m"], ["/https/h。example/m"],
    ["/https/１２７.0.0.1/m"], ["/https/[::1%25eth0]/m"], ["/https/[::1/m"], ["/https/h.example#/m"], ["/https/h.example/a%2Fb/m"], ["/https/h.example/../m"], ["/https/h.example/%2e%2e/m"], ["/https/h.example/a#b/m"],
    ["/https/h.example/a b/m"], ["/https/h.example/v1/-/../x"], ["/https/h.example/v1/..%2Fx"], ["/https/h.example/v1/a%2F%2Fb"], ["/https/h.example/v1/%E0%A4%A"], ["/https/h.example/v1/a%0Ab"], [`/https/h.example/v1/${"m".repeat(300)}`],
  ])("%s", (mount) => {
    expect(() => read(mount)).toThrow(expect.objectContaining({ code: "invalid_request", status: 400, message: expect.stringContaining("/https/HOST/BASE-PATH/MODEL/v1/messages") }));
  });
});

test.each([["/ftp/h.example/m"], ["/gopher/h.example/m"], ["/localhost/m"], ["/https:/h.example/m"], ["/+https/h.example/m"], ["/claude+ftp/h.example/m"], ["/v1"], ["/openai"]])("%s is another kind of path: nothing is there, and the form is told", (mount) => {
  expect(() => read(mount)).toThrow(expect.objectContaining({ code: "not_found", status: 404, message: expect.stringContaining("/https/HOST/BASE-PATH/MODEL/v1/messages") }));
});

test("a path begins with a protocol, or does not", () => {
  for (const path of ["/https/x", "/http", "/claude+https/x", "/HTTP/x"]) expect(beginsWithProtocol(path)).toBe(true);
  for (const path of ["/", "/favicon.ico", "/api.groq.com/x", "/httpsx/y", "/ftp/x", "/v1/messages"]) expect(beginsWithProtocol(path)).toBe(false);
});
