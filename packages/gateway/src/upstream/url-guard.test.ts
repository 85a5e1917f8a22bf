import { describe, expect, test } from "bun:test";
import { guardUrl, isPublicAddress } from "./url-guard.ts";

const NOWHERE: Readonly<Record<string, readonly string[]>> = {
  "good.example.com": ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
  "rebind.example.com": ["93.184.215.14", "10.0.0.1"],
  "inside.example.com": ["192.168.1.1"],
  "inside6.example.com": ["fd12::1"],
  "mapped.example.com": ["::ffff:127.0.0.1"],
  "odd.example.com": ["fe80::1%eth0"],
  "empty.example.com": [],
};

const resolveHost = async (host: string): Promise<readonly string[]> => {
  const found = NOWHERE[host];
  if (found === undefined) throw new Error("ENOTFOUND");
  return found;
};
const options = { resolveHost, allowHosts: [] };

const EVASIONS = [
  // Loopback, in every spelling that a URL parser takes.
  "http://127.0.0.1/", "http://127.0.0.1:8080/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0x7f.1/",
  "http://017700000001/", "http://0177.0.0.1/", "http://0177.0.0.0x1/", "http://127.0.0.1./", "http://127.255.255.254/", "http://%31%32%37.0.0.1/", "http://１２７.0.0.1/", "http://①②⑦.0.0.1/", "http://127。0。0。1/",
  "http:127.0.0.1/", "http:/\\127.0.0.1/", "http:\\\\127.0.0.1\\", "http://\t127.0.0.1/", "http://0/", "http://0.0.0.0/", "http://00000.0.0.0/",
  "http://localhost/", "http://LOCALHOST/", "http://localhost./", "http://foo.localhost/", "http://localhost.localdomain/",
  // Private networks, carriers' networks, links.
  "http://10.0.0.1/", "http://10.255.255.255/", "http://167772161/", "http://172.16.0.1/", "http://172.31.255.254/", "http://192.168.0.1/", "http://0xc0a80001/", "http://100.64.0.1/", "http://100.127.255.254/",
  "http://169.254.0.1/", "http://192.0.0.1/", "http://192.0.2.1/", "http://198.18.0.1/", "http://198.19.255.255/", "http://198.51.100.1/", "http://203.0.113.1/", "http://224.0.0.1/", "http://239.255.255.250/", "http://240.0.0.1/", "http://255.255.255.255/",
  // What clouds tell their own machines.
  "http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://0xa9fea9fe/", "http://0xa9.0xfe.0xa9.0xfe/", "http://0251.0376.0251.0376/", "http://[::ffff:169.254.169.254]/", "http://[fd00:ec2::254]/",
  "http://metadata.google.internal/", "http://metadata/", "http://instance-data/", "http://100.100.100.200/", "http://168.63.129.16/", "http://192.0.0.192/",
  // IPv6: loopback, links, private, tunnels, IPv4 inside.
  "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[0000::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[0:0:0:0:0:ffff:10.0.0.1]/", "http://[::127.0.0.1]/", "http://[::ffff:0:127.0.0.1]/",
  "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::10.0.0.1]/", "http://[64:ff9b:1::1]/", "http://[fe80::1]/", "http://[fec0::1]/", "http://[fc00::1]/", "http://[fdff::1]/", "http://[ff02::1]/", "http://[2002:7f00:1::]/", "http://[2001:0:7f00:1::]/",
  "http://[2001:db8::1]/", "http://[100::1]/", "http://[3fff::1]/",
  // Names that lead inside, or that only look outside.
  "http://inside.example.com/", "http://inside6.example.com/", "http://mapped.example.com/", "http://rebind.example.com/", "http://odd.example.com/", "http://empty.example.com/", "http://unknown.example.com/",
  "http://printer.local/", "http://db.internal/", "http://router.lan/", "http://wiki.corp/", "http://intranet/", "http://nas.home.arpa/", "http://kubernetes.default.svc.cluster.local/",
  // Other tricks.
  "https://good.example.com@127.0.0.1/", "https://user:password@good.example.com/", "https://user@good.example.com/", "http://good.example.com#@127.0.0.1/".replace("#", "%23"),
  "file:///etc/passwd", "ftp://good.example.com/", "gopher://good.example.com/", "data:text/plain,x", "javascript:alert(1)", "blob:http://good.example.com/x", "ws://good.example.com/", "//good.example.com/", "", "not a url", "http://", "http://[::1", "http://[::ffff:999.0.0.1]/", "http://999.0.0.1/",
];

test.each(EVASIONS.map((url) => [url]))("refused: %s", async (url) => {
  const verdict = await guardUrl(url, options);
  expect(verdict.ok).toBe(false);
});

test("there are enough of them, and none twice", () => {
  expect(EVASIONS.length).toBeGreaterThan(100);
  expect(new Set(EVASIONS).size).toBe(EVASIONS.length);
});

test.each([
  ["https://good.example.com/a.png", "93.184.215.14"],
  ["http://good.example.com:8080/a.png?x=1#y", "93.184.215.14"],
  ["https://GOOD.example.com./a.png", "93.184.215.14"],
  ["https://8.8.8.8/a.png", "8.8.8.8"],
  ["https://172.15.0.1/", "172.15.0.1"],
  ["https://172.32.0.1/", "172.32.0.1"],
  ["https://100.63.0.1/", "100.63.0.1"],
  ["https://100.128.0.1/", "100.128.0.1"],
  ["https://[2606:2800:21f:cb07::1]/", "2606:2800:21f:cb07::1"],
])("allowed: %s, connected to %s", async (url, address) => {
  expect(await guardUrl(url, options)).toMatchObject({ ok: true, address });
});

describe("the operator's exceptions", () => {
  test("are a host, a host with its port, or everything below a domain", async () => {
    const allow = async (url: string, ...allowHosts: string[]): Promise<boolean> => (await guardUrl(url, { resolveHost, allowHosts })).ok;
    expect(await allow("http://127.0.0.1:9000/", "127.0.0.1")).toBe(true);
    expect(await allow("http://127.0.0.1:9000/", "127.0.0.1:9000")).toBe(true);
    expect(await allow("http://127.0.0.1:9001/", "127.0.0.1:9000")).toBe(false);
    expect(await allow("http://images.corp/", "*.corp")).toBe(true);
    expect(await allow("http://corp/", "*.corp")).toBe(false);
    expect(await allow("http://evilcorp/", "*.corp")).toBe(false);
    expect(await allow("http://user@127.0.0.1/", "127.0.0.1")).toBe(false);
    expect(await allow("ftp://127.0.0.1/", "127.0.0.1")).toBe(false);
  });
});

describe("a list of hosts", () => {
  const only = async (url: string, ...onlyHosts: string[]): Promise<boolean> => (await guardUrl(url, { resolveHost: async () => ["93.184.215.14"], allowHosts: ["localhost:11434"], onlyHosts })).ok;

  test("shuts everybody out but those on it, and those that may be private", async () => {
    expect(await only("https://api.example.com/v1", "api.example.com")).toBe(true);
    expect(await only("https://API.example.com.:443/v1", "api.example.com:443")).toBe(true);
    expect(await only("https://eu.api.example.com/v1", "*.api.example.com")).toBe(true);
    expect(await only("http://localhost:11434/v1", "api.example.com")).toBe(true);
    expect(await only("https://other.example.com/")).toBe(true);
  });

  test.each([
    ["https://api.example.com.evil.example/"], ["https://evilapi.example.com/"], ["https://api.example.comx/"], ["https://api-example.com/"], ["https://example.com/"],
    ["https://api.example.com:8443/"], ["https://api.example.com@evil.example/"],
  ])("is not fooled by %s", async (url) => {
    expect(await only(url, "api.example.com:443")).toBe(false);
  });

  test("does not make a listed host public that is private", async () => {
    expect((await guardUrl("https://inside.example.com/", { resolveHost, allowHosts: [], onlyHosts: ["inside.example.com"] })).ok).toBe(false);
  });
});

test("http is for hosts that may be private, where https is asked for", async () => {
  const https = async (url: string): Promise<boolean> => (await guardUrl(url, { resolveHost, allowHosts: ["127.0.0.1:9000", "[::1]:9000"], httpsOnly: true })).ok;
  expect(await https("http://good.example.com/")).toBe(false);
  expect(await https("https://good.example.com/")).toBe(true);
  expect(await https("http://127.0.0.1:9000/")).toBe(true);
  expect(await https("http://[::1]:9000/")).toBe(true);
  expect(await https("http://127.0.0.1:9001/")).toBe(false);
});

test.each([[25], [22], [6379], [6667], [11_211], [5060], [1]])("port %i is for other things than the web", async (port) => {
  expect((await guardUrl(`http://good.example.com:${port}/`, options)).ok).toBe(false);
  expect((await guardUrl(`http://good.example.com:${port}/`, { resolveHost, allowHosts: [`good.example.com:${port}`] })).ok).toBe(true);
});

test("without a resolver a public name is believed, an address is not", async () => {
  expect(await guardUrl("https://unknown.example.com/", { allowHosts: [] })).toMatchObject({ ok: true });
  expect((await guardUrl("https://10.1.2.3/", { allowHosts: [] })).ok).toBe(false);
});

test("addresses that are none are not public", () => {
  for (const text of ["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "::1::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "g::1", "12345::1", "fe80::1%eth0", "example.com"]) expect(isPublicAddress(text)).toBe(false);
  expect(isPublicAddress("::ffff:8.8.8.8")).toBe(true);
  expect(isPublicAddress("64:ff9b::808:808")).toBe(true);
});
