import { expect, test } from "bun:test";
import { dnsOverHttps } from "./resolve-host.ts";

function started(answers: (type: string) => unknown, status = 200): { resolve: ReturnType<typeof dnsOverHttps>; asked: string[]; wait: (ms: number) => void } {
  let now = 1_000_000;
  const asked: string[] = [];
  const resolve = dnsOverHttps({
    resolver: "https://dns.example.com/dns-query?ct=x",
    clock: { now: () => now },
    fetch: async (url) => {
      asked.push(url);
      return Response.json(answers(new URL(url).searchParams.get("type") ?? ""), { status });
    },
  });
  return { resolve, asked, wait: (ms) => void (now += ms) };
}

const record = (type: number, data: string, TTL = 60): unknown => ({ type, data, TTL });

test("both kinds of addresses are told, and nothing else that comes along", async () => {
  const { resolve, asked } = started((type) => ({ Status: 0, Answer: type === "1" ? [record(5, "other.example.com."), record(1, "192.0.2.1"), record(1, "192.0.2.2")] : [record(28, "2001:db8::1")] }));
  expect(await resolve("host.example.com")).toEqual(["192.0.2.1", "192.0.2.2", "2001:db8::1"]);
  expect(asked).toEqual([1, 28].map((type) => `https://dns.example.com/dns-query?ct=x&name=host.example.com&type=${type}`));
});

test("what is known is kept for as long as the shortest record says", async () => {
  const { resolve, asked, wait } = started((type) => ({ Status: 0, Answer: type === "1" ? [record(1, "192.0.2.1", 30)] : [record(28, "2001:db8::1", 300)] }));
  await resolve("a.example.com");
  wait(29_999);
  await resolve("a.example.com");
  expect(asked).toHaveLength(2);
  wait(1);
  await resolve("a.example.com");
  expect(asked).toHaveLength(4);
});

test("a name that does not exist leads nowhere", async () => {
  expect(await started(() => ({ Status: 3 })).resolve("nowhere.example.com")).toEqual([]);
});

test.each([["an error of the resolver's", () => ({ Status: 2 }), 200], ["a refusal", () => ({}), 403], ["something else", () => ({ hello: 1 }), 200]] as const)("%s is no answer, and is not remembered", async (_, answers, status) => {
  const { resolve, asked } = started(answers, status);
  await expect(resolve("a.example.com")).rejects.toThrow("resolver");
  await expect(resolve("a.example.com")).rejects.toThrow("resolver");
  expect(asked).toHaveLength(4);
});

test("one of the two questions unanswered is no answer: the address that is not told may be a private one", async () => {
  await expect(started((type) => (type === "1" ? { Status: 0, Answer: [record(1, "192.0.2.1")] } : { Status: 2 })).resolve("a.example.com")).rejects.toThrow("resolver");
});
