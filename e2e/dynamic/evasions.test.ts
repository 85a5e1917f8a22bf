import { beforeEach, describe, expect, test } from "bun:test";
import { at, DIALECTS, toldError, type DialectId } from "../kit/calls.ts";
import { askAt, KEY, Nowhere } from "./nowhere.ts";

/** What names lead to; several answers of one name are given one after the other. */
const NAMES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "api.groq.com": [["104.18.40.1", "2606:4700::6812:2801"]],
  "10.0.0.1.nip.example": [["10.0.0.1"]],
  "127-0-0-1.sslip.example": [["127.0.0.1"]],
  "inside.example.com": [["192.168.1.1"]],
  "inside6.example.com": [["fd12::1"]],
  "mapped.example.com": [["::ffff:127.0.0.1"]],
  "translated.example.com": [["64:ff9b::a00:1"]],
  "zoned.example.com": [["fe80::1%eth0"]],
  "mixed.example.com": [["104.18.40.1", "10.0.0.1"]],
  "mixed6.example.com": [["2606:4700::1", "::1"]],
  "metadata.example.com": [["169.254.169.254"]],
  "nobody.example.com": [[]],
  "nonsense.example.com": [["not an address"]],
  "turning.example.com": [["104.18.40.1"], ["127.0.0.1"]],
  "api.groq.com.evil.example": [["104.18.40.2"]],
  "evilgroq.com": [["104.18.40.2"]],
  "groq.com": [["104.18.40.2"]],
  "evil.example": [["104.18.40.2"]],
};

const nowhere = new Nowhere(NAMES);
beforeEach(() => nowhere.reset());

/** With a model at the end, since a path without one is refused for that. */
const https = (...hosts: readonly string[]): readonly string[] => hosts.map((host) => `/https/${host}/v1/m`);

const EVASIONS: Readonly<Record<string, readonly string[]>> = {
  "this machine": https(
    "127.0.0.1", "127.0.0.1:8317", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "017700000001", "0177.0.0.1", "0177.0.0.0x1", "127.255.255.254", "0", "0.0.0.0", "00000.0.0.0",
    "127.0.0.1.", "localhost", "LOCALHOST", "localhost:11434", "localhost.", "foo.localhost", "localhost.localdomain", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000::1]:443",
  ),
  "private networks": https(
    "10.0.0.1", "10.255.255.255", "167772161", "172.16.0.1", "172.31.255.254", "192.168.0.1", "0xc0a80001", "192.168.1", "100.64.0.1", "169.254.0.1", "198.18.0.1", "192.0.2.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "[fc00::1]", "[fdff::1]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[100::1]", "[2001:db8::1]", "[3fff::1]",
  ),
  "IPv4 in IPv6": https(
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:10.0.0.1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]",
  ),
  "what clouds tell their machines": https(
    "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "[::ffff:169.254.169.254]", "[fd00:ec2::254]", "metadata.google.internal", "metadata", "instance-data", "100.100.100.200", "168.63.129.16", "192.0.0.192", "metadata.example.com",
  ),
  "names that lead inside": https(
    "10.0.0.1.nip.example", "127-0-0-1.sslip.example", "inside.example.com", "inside6.example.com", "mapped.example.com", "translated.example.com", "zoned.example.com", "mixed.example.com", "mixed6.example.com", "nobody.example.com", "nonsense.example.com",
    "unheard-of.example.com", "printer.local", "db.internal", "router.lan", "wiki.corp", "intranet", "nas.home.arpa", "kubernetes.default.svc.cluster.local", "hidden.onion",
  ),
  "other spellings of a host": https(
    "１２７.0.0.1", "①②⑦.0.0.1", "127。0。0。1", "%31%32%37.0.0.1", "%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1", "loc%61lhost", "localhost%2E", "localhost%00.api.groq.com", "%6c%6f%63%61%6c%68%6f%73%74", "127.0.0.1%2523", "%2531%2532%2537.0.0.1", "lоcalhost", "ⓛocalhost", "local\u00adhost", "127%2E0%2E0%2E1",
    "[fe80::1%25eth0]", "[::1%25lo]", "[v1.fe80::a]", "api.groq.com.", "api.groq.com..", ".api.groq.com", "-api.groq.com",
  ),
  "users, ports and other characters": https(
    "api.groq.com@127.0.0.1", "api.groq.com@evil.example", "user:password@api.groq.com", "user@api.groq.com", "api.groq.com%40127.0.0.1", "api.groq.com:25", "api.groq.com:22", "api.groq.com:6379", "api.groq.com:0", "api.groq.com:65536", "api.groq.com:443:80", "api.groq.com:+443", "api.groq.com:４４３", "api.groq.com%3A443",
    "127.0.0.1%2F", "127.0.0.1%5C", "evil.example%2Fapi.groq.com", "evil.example%23", "evil.example%3F", "evil.example#", "api.groq.com%09", "api.groq.com%0A", "api.groq.com%0d%0aHost:%20127.0.0.1", "api.groq.com%20", "",
  ),
  "places and protocols": [
    "/https/api.groq.com/%2e%2e%2f/v1/m", "/https/api.groq.com/..%2f..%2fadmin/m", "/https/api.groq.com/v1/-/..%2f..%2fx", "/https/api.groq.com/a#/v1/m", "/https/api.groq.com//v1/m", "/https/api.groq.com/v1//m", "/https/\\127.0.0.1/m",
    "/http/api.groq.com/v1/m", "/openai+http/api.groq.com/v1/m", "/ftp/api.groq.com/m", "/file/etc/passwd", "/file:/etc/m", "/gopher/127.0.0.1:6379/m", "/data:text/plain,m", "/ws/api.groq.com/m", "/javascript:alert(1)/m", "/https:/127.0.0.1/m", "/https:/api.groq.com/m", "/https+http/api.groq.com/m", "/nonsense+https/api.groq.com/m",
    "//127.0.0.1/m", "/127.0.0.1/v1/m", "/localhost:11434/v1/m", "/2130706433:80/v1/m", "/[::1]:443/v1/m", "/169.254.169.254/v1/m",
  ],
};

const ROWS = Object.entries(EVASIONS).flatMap(([kind, mounts]) => mounts.map((mount) => [kind, mount] as const));

/** The client's envelope, with a status of its own doing, and nothing of the key. */
async function expectRefusal(reply: Response, dialect: DialectId): Promise<void> {
  const text = await reply.text();
  expect(reply.status, text).toBeGreaterThanOrEqual(400);
  expect(reply.status, text).toBeLessThan(500);
  expect(toldError(dialect, JSON.parse(text)).message).not.toBe("");
  expect(text).not.toContain(KEY);
}

describe("without a list of hosts", () => {
  const gateway = nowhere.gateway();

  test.each(ROWS)("%s: %s is refused to every client in its own words, and nobody is asked", async (_kind, mount) => {
    for (const dialect of DIALECTS) await expectRefusal(await askAt(gateway, mount, dialect), dialect);
    expect(nowhere.sent).toEqual([]);
  });

  test("there are enough of them, and none twice", () => {
    expect(ROWS.length).toBeGreaterThan(150);
    expect(new Set(ROWS.map(([, mount]) => mount)).size).toBe(ROWS.length);
  });

  test("and a public host is asked at the address that was checked", async () => {
    expect((await askAt(gateway, "/https/api.groq.com/openai/v1/m")).status).toBe(200);
    expect(nowhere.sent).toMatchObject([{ url: "https://api.groq.com/openai/v1/chat/completions", init: { method: "POST", address: "104.18.40.1" } }]);
  });

  test("a name that leads elsewhere the next time is asked where it led when it was judged", async () => {
    expect((await askAt(gateway, "/https/turning.example.com/v1/m")).status).toBe(200);
    expect(nowhere.sent.map(({ init }) => init.address)).toEqual(["104.18.40.1"]);
    await expectRefusal(await askAt(gateway, "/https/turning.example.com/v1/m"), "anthropic-messages");
    expect(nowhere.sent).toHaveLength(1);
    expect(nowhere.looked.get("turning.example.com")).toBe(2);
  });
});

test.each<[string, Record<string, string>]>([["", {}], ["?key=%0d%0ax", {}], ["?key=%E2%98%83", {}], ["", { "x-api-key": "\u00e9" }], ["", { authorization: "Bearer two words" }]])(
  "without a key for the upstream nobody is asked: %j %j", async (query, headers) => {
    const reply = await askAt(nowhere.gateway(), "/https/api.groq.com/openai/v1/m", "anthropic-messages", { query, headers });
    expect(reply.status).toBe(401);
    expect(toldError("anthropic-messages", await reply.json()).message).toContain("x-api-key");
    expect(nowhere.sent).toEqual([]);
  },
);

describe("with a list of hosts", () => {
  test.each([
    ["api.groq.com.evil.example"], ["evilgroq.com"], ["groq.com"], ["api-groq.com"], ["xapi.groq.com"], ["api.groq.com.groq.com.evil.example"], ["api.groq.comx"], ["evil.example"], ["api.groq.com:8443"], ["sub.api.groq.com"], ["104.18.40.1"],
  ])("%s is not on it", async (host) => {
    const gateway = nowhere.gateway({ hosts: ["api.groq.com:443", "*.listed.example"] });
    for (const dialect of DIALECTS) await expectRefusal(await askAt(gateway, `/https/${host}/v1/m`, dialect), dialect);
    expect(nowhere.sent).toEqual([]);
    expect(nowhere.looked.size).toBe(0);
  });

  test("who is on it is asked, and being on it makes nobody public", async () => {
    const gateway = nowhere.gateway({ hosts: ["api.groq.com:443", "inside.example.com"] });
    expect((await askAt(gateway, "/https/api.groq.com/openai/v1/m")).status).toBe(200);
    expect(nowhere.sent).toHaveLength(1);
    await expectRefusal(await askAt(gateway, "/https/inside.example.com/v1/m"), "anthropic-messages");
    expect(nowhere.sent).toHaveLength(1);
  });
});

describe("http", () => {
  test("is for private hosts, and for others where the operator allows it", async () => {
    expect((await askAt(nowhere.gateway({ "private-hosts": ["localhost:11434"] }), "/http/localhost:11434/v1/m")).status).toBe(200);
    expect((await askAt(nowhere.gateway({ "allow-http": true }), "/http/api.groq.com/v1/m")).status).toBe(200);
    expect(nowhere.sent.map(({ url }) => url)).toEqual(["http://localhost:11434/v1/chat/completions", "http://api.groq.com/v1/chat/completions"]);
    await expectRefusal(await askAt(nowhere.gateway({ "allow-http": true }), "/http/127.0.0.1:11434/v1/m"), "anthropic-messages");
    await expectRefusal(await askAt(nowhere.gateway({ "private-hosts": ["localhost:11434"] }), "/http/localhost:11435/v1/m"), "anthropic-messages");
    expect(nowhere.sent).toHaveLength(2);
  });
});

describe("a redirect", () => {
  const LEADS = ["http://127.0.0.1/", "https://169.254.169.254/latest/meta-data/", "https://api.groq.com/elsewhere", "//[::1]/", "file:///etc/passwd"];
  test.each(LEADS.flatMap((location) => [301, 302, 303, 307, 308].map((status) => [status, location] as const)))("%i to %s is not followed, and the client is told", async (status, location) => {
    nowhere.answer = () => new Response(null, { status, headers: { location } });
    const told = await askAt(nowhere.gateway(), "/https/api.groq.com/openai/v1/m");
    expect(told.status).toBe(502);
    expect(at(await told.json(), "error", "message")).toMatch(/redirect, which is not followed/);
    expect(told.headers.get("location")).toBeNull();
    expect(nowhere.sent).toHaveLength(1);
  });

  test("is not followed for embeddings, either", async () => {
    nowhere.answer = () => new Response(null, { status: 307, headers: { location: "http://127.0.0.1/" } });
    const told = await nowhere.gateway().fetch(new Request("http://gateway.test/https/api.groq.com/openai/v1/m/v1/embeddings", {
      method: "POST", headers: { "content-type": "application/json", authorization: "Bearer sk-secret-of-the-caller" }, body: JSON.stringify({ model: "m", input: "hi" }),
    }));
    expect(told.status).toBe(502);
    expect(nowhere.sent).toHaveLength(1);
  });
});
