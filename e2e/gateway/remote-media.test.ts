import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ask, at, list } from "../kit/calls.ts";
import { listen, type Listening } from "../kit/running.ts";
import { MODELS, startUpstreams, startWorld, worldConfig, type World } from "../kit/world.ts";

const PNG = Uint8Array.from(atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="), (char) => char.charCodeAt(0));
const PDF = new TextEncoder().encode("%PDF-1.4\n%%EOF\n");

/** A web server with a few pictures, and a few that are none. */
function respond(request: Request): Response | Promise<Response> {
  const { pathname, origin } = new URL(request.url);
  const typed = (body: Uint8Array | string, type: string): Response => new Response(body as BodyInit, { headers: { "content-type": type } });
  switch (pathname) {
    case "/a.png":
      return typed(PNG, "image/png");
    case "/unnamed":
      return typed(PNG, "application/octet-stream");
    case "/a.pdf":
      return typed(PDF, "application/pdf");
    case "/page":
      return typed("<html></html>", "text/html");
    case "/large.png":
      return typed(new Uint8Array(3000), "image/png");
    case "/endless.png":
      return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1000)) }), { headers: { "content-type": "image/png" } });
    case "/moved":
      return Response.redirect(`${origin}/a.png`);
    case "/inside":
      return Response.redirect("http://127.0.0.1:1/a.png");
    case "/circle":
      return Response.redirect(`${origin}/circle`);
    default:
      return new Response("gone", { status: 404 });
  }
}

let site: Listening;
let asked: string[];
let world: World;
const model = MODELS["gemini-generate-content"] ?? "";

beforeAll(() => {
  asked = [];
  site = listen((request) => (asked.push(new URL(request.url).pathname), respond(request)));
  world = startWorld({ script: () => ({ text: "seen" }), config: { "remote-media": { "max-bytes": 2000, "allow-hosts": [new URL(site.origin).host] } } });
});
afterAll(async () => {
  await world.close();
  await site.close();
});

const picture = (url: string): Record<string, unknown> => ({ type: "image_url", image_url: { url } });
const send = (content: readonly unknown[], target = model): Promise<Response> => ask(world.origin, "openai-chat", { model: target, body: { messages: [{ role: "user", content: [{ type: "text", text: "what is it?" }, ...content] }] } });
const partsSent = (): readonly unknown[] => list(at(world.upstream("gemini-generate-content").simulator.seen.at(-1)?.body, "contents", 0, "parts"));

describe("#171 a picture by its address, for a model that takes data only", () => {
  test("is fetched and sent inline", async () => {
    expect((await send([picture(`${site.origin}/a.png`)])).status).toBe(200);
    expect(partsSent()[1]).toEqual({ inlineData: { mimeType: "image/png", data: btoa(String.fromCharCode(...PNG)) } });
  });

  test("is told by its bytes where the server does not tell its type, also behind a redirect", async () => {
    expect((await send([picture(`${site.origin}/unnamed`), picture(`${site.origin}/moved`)])).status).toBe(200);
    expect(partsSent().slice(1).map((part) => at(part, "inlineData", "mimeType"))).toEqual(["image/png", "image/png"]);
  });

  test("twice in a request is fetched once, and the client is told", async () => {
    asked.length = 0;
    const response = await ask(world.origin, "openai-chat", {
      model, headers: { "x-dragoman-losses": "1" }, body: { messages: [{ role: "user", content: [picture(`${site.origin}/a.png`), picture(`${site.origin}/a.png`), { type: "text", text: "same?" }] }] },
    });
    expect(asked).toEqual(["/a.png"]);
    expect(response.headers.get("x-dragoman-losses")).toContain("converted remote-media messages[0].content[0]");
  });

  test.each([
    ["a page", "/page", "holds text/html"],
    ["nothing", "/nothing", "status 404"],
    ["too much", "/large.png", "larger"],
    ["without end", "/endless.png", "larger"],
    ["a way inside", "/inside", "not a public address"],
    ["a circle", "/circle", "leads on"],
  ])("that is %s is 400 with the path of the part", async (_what, path, words) => {
    const response = await send([picture(`${site.origin}${path}`)]);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { message: string; param: string } };
    expect(error.param).toBe("messages[0].content[1]");
    expect(error.message).toContain(words);
  });

  test("is not fetched from where only this machine can go", async () => {
    for (const url of ["http://localhost:1/a.png", "http://169.254.169.254/latest/meta-data/", "http://[::1]/a.png", "http://0x7f000001:1/a.png"]) {
      expect((await send([picture(url)])).status).toBe(400);
    }
  });

  test("a document likewise, and for a server that takes documents inline only", async () => {
    const document = { type: "document", source: { type: "url", url: `${site.origin}/a.pdf` } };
    const read = (target: string): Promise<Response> => ask(world.origin, "anthropic-messages", { model: target, body: { messages: [{ role: "user", content: [document, { type: "text", text: "read" }] }] } });
    expect((await read(model)).status).toBe(200);
    expect(partsSent()[0]).toMatchObject({ inlineData: { mimeType: "application/pdf" } });
    expect((await read(MODELS["openai-chat"] ?? "")).status).toBe(200);
    const sent = at(world.upstream("openai-chat").simulator.seen.at(-1)?.body, "messages", 0, "content", 0);
    expect(sent).toMatchObject({ type: "file", file: { file_data: `data:application/pdf;base64,${btoa(String.fromCharCode(...PDF))}` } });
  });
});

describe("where an address is taken, or nothing is wanted", () => {
  test("a model that takes addresses gets the address", async () => {
    asked.length = 0;
    expect((await send([picture(`${site.origin}/a.png`)], MODELS["anthropic-messages"])).status).toBe(200);
    expect(asked).toEqual([]);
    expect(JSON.stringify(world.upstream("anthropic-messages").simulator.seen.at(-1)?.body)).toContain(`${site.origin}/a.png`);
  });

  test("an operator can forbid it", async () => {
    const upstreams = startUpstreams(() => ({ text: "seen" }));
    const strict = startWorld({ script: () => ({ text: "seen" }), config: { ...worldConfig(upstreams), "remote-media": { fetch: false, "allow-hosts": [new URL(site.origin).host] } } });
    asked.length = 0;
    const response = await ask(strict.origin, "openai-chat", { model, body: { messages: [{ role: "user", content: [picture(`${site.origin}/a.png`)] }] } });
    expect(response.status).toBe(400);
    expect(asked).toEqual([]);
    await strict.close();
    for (const upstream of upstreams.values()) await upstream.close();
  });
});
