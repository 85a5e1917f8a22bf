// Runs one case for each of its pairs of dialects. Pure: the case is data, so the same function serves every runtime.
import { isGatewayError, isJsonObject, type Dialect, type Exchange, type GenerateRequest, type Json, type JsonObject, type WireRequest } from "@dragoman/core";
import type { TestWorld } from "../../packages/core/src/testing/exchange.ts";
import { grammarFaults } from "../grammar/index.ts";
import { readJson, type Case, type CaseSheet, type Outcome } from "./case.ts";
import { asSent, differences } from "./compare.ts";
import { chunkings, parseStream, translateStream } from "./streams.ts";
import { violationsOf } from "./strictness.ts";
import { capabilitiesOf, dialectOf, plainRequest, wireInput, worldOf, type Memory } from "./worlds.ts";

/** One case, one pair: `writer` wrote the file that is given, `reader` gets the one that is expected. */
interface Pair {
  readonly source: Case;
  readonly sheet: CaseSheet;
  readonly writer: string;
  readonly reader: string;
  readonly client: Dialect;
  readonly upstream: Dialect;
  readonly streamed: boolean;
}

type Problems = readonly string[];

const RUN: Readonly<Record<CaseSheet["direction"], (pair: Pair) => Problems>> = { request: runRequest, response: runResponse, stream: runStream, error: runError, loop: runLoop };

export function runCase(source: Case): readonly Outcome[] {
  const { sheet } = source;
  return sheet.from.flatMap((writer) => sheet.to.map((reader) => {
    const asked = sheet.direction === "request" || sheet.direction === "loop";
    const [client, upstream] = asked ? [writer, reader] : [reader, writer];
    const pair: Pair = { source, sheet, writer, reader, client: dialectOf(client), upstream: dialectOf(upstream), streamed: sheet.direction === "stream" };
    return { caseId: source.id, client, upstream, streamed: pair.streamed, problems: caught(() => RUN[sheet.direction](pair)) };
  }));
}

function caught(run: () => Problems): Problems {
  try {
    return run();
  } catch (thrown) {
    return [`threw ${isGatewayError(thrown) ? `${thrown.code} at "${thrown.path ?? ""}": ` : ""}${thrown instanceof Error ? thrown.message : String(thrown)}`];
  }
}

/** The file that is given, and the one that is expected; of two of the same dialect the expected one is marked. */
function expectedPath({ source, writer, reader }: Pair, name: string, mark: string): string {
  const dot = name.lastIndexOf(".");
  const marked = `${reader}/${name.slice(0, dot)}.${mark}${name.slice(dot)}`;
  const ofWriter = `${reader}/${name.slice(0, dot)}.from-${writer}${name.slice(dot)}`;
  return source.files[ofWriter] !== undefined ? ofWriter : source.files[marked] !== undefined || writer === reader ? marked : `${reader}/${name}`;
}

function given(pair: Pair, path: string): string {
  const text = pair.source.files[path];
  if (text === undefined) throw new TypeError(`${path} is missing`);
  return text;
}

function parsedFile(pair: Pair, path: string): Json {
  return JSON.parse(given(pair, path)) as Json;
}

interface Asked {
  readonly world: TestWorld;
  readonly request: GenerateRequest;
  readonly exchange: Exchange;
}

function decode({ sheet, client, upstream, streamed }: Pair, body: Json, memory?: Memory): Asked {
  const world = worldOf(sheet, memory);
  const at = { streamed, ...(sheet.path !== undefined && { path: sheet.path }), ...(sheet.headers !== undefined && { headers: sheet.headers }) };
  const request = client.decodeRequest(wireInput(client.id, body, at), world.context);
  const capabilities = capabilitiesOf(sheet, upstream.id);
  const exchange = world.exchange(request, upstream, { capabilities, ...(sheet.policy !== undefined && { policy: sheet.policy }), ...(sheet.upstreamModel !== undefined && { upstreamModel: sheet.upstreamModel }) });
  return { world, request, exchange };
}

/** The client's request of a case in which only the answer matters: written upstream, so that names and ids are known. */
function ask(pair: Pair, memory?: Memory): Asked {
  const body = readJson(pair.source, `${pair.client.id}/request.json`) ?? plainRequest(pair.client.id, pair.streamed);
  const asked = decode(pair, pair.sheet.direction === "loop" ? plainOr(pair) : body, memory);
  pair.upstream.encodeRequest(asked.request, asked.exchange);
  asked.world.losses.length = 0;
  return asked;
}

function plainOr(pair: Pair): Json {
  return readJson(pair.source, `${pair.client.id}/request.first.json`) ?? plainRequest(pair.client.id, false);
}

function runRequest(pair: Pair): Problems {
  const body = parsedFile(pair, `${pair.writer}/request.json`);
  const { refused } = pair.sheet;
  if (refused !== undefined) return refusalProblems(pair, body, refused);
  const first = encodeOnce(pair, body);
  const second = encodeOnce(pair, body);
  const same = JSON.stringify(first.encoded) === JSON.stringify(second.encoded) ? [] : ["the same request was written in two ways"];
  return [...requestProblems(pair, first.encoded, parsedFile(pair, expectedPath(pair, "request.json", "upstream"))), ...lossProblems(pair, first.asked.world), ...same];
}

function encodeOnce(pair: Pair, body: Json): { readonly asked: Asked; readonly encoded: WireRequest } {
  const asked = decode(pair, body);
  return { asked, encoded: pair.upstream.encodeRequest(asked.request, asked.exchange) };
}

function requestProblems(pair: Pair, encoded: WireRequest, expected: Json): Problems {
  const { head } = pair.sheet;
  return [
    ...differences(expected, asSent(encoded.body)),
    ...(head?.path === undefined || head.path === encoded.path ? [] : [`path: expected ${head.path}, found ${encoded.path}`]),
    ...(head?.query === undefined ? [] : differences(head.query, asSent(encoded.query ?? {}), "query")),
    ...Object.entries(head?.headers ?? {}).flatMap(([name, value]) => differences(value, encoded.headers[name], `header ${name}`)),
    ...violationsOf(pair.upstream.id, { ...encoded, body: asSent(encoded.body) as JsonObject }, pair.sheet.tolerated).map((text) => `the provider refuses it: ${text}`),
  ];
}

function refusalProblems(pair: Pair, body: Json, refused: NonNullable<CaseSheet["refused"]>): Problems {
  try {
    encodeOnce(pair, body);
  } catch (thrown) {
    if (!isGatewayError(thrown)) throw thrown;
    return [
      ...differences(refused.code, thrown.code, "code"),
      ...(refused.path === undefined ? [] : differences(refused.path, thrown.path, "path")),
    ];
  }
  return [`expected a refusal (${refused.code}), but it was written`];
}

function lossProblems({ sheet, reader }: Pair, world: TestWorld): Problems {
  const wanted = Array.isArray(sheet.losses) ? sheet.losses as readonly string[] : (sheet.losses as { readonly [dialect: string]: readonly string[] } | undefined)?.[reader];
  if (wanted === undefined) return [];
  const found = [...new Set(world.losses.map(({ code }) => code))].sort();
  const detail = world.losses.map(({ code, path, detail }) => `${code} ${path} ${detail ?? ""}`).join("; ");
  return JSON.stringify([...wanted].sort()) === JSON.stringify(found) ? [] : [`losses: expected [${[...wanted].sort().join(", ")}], found [${found.join(", ")}] (${detail})`];
}

function runResponse(pair: Pair): Problems {
  const { world, exchange } = ask(pair);
  const response = pair.upstream.decodeResponse(parsedFile(pair, `${pair.writer}/response.json`), exchange);
  const encoded = pair.client.encodeResponse(response, exchange);
  return [...differences(parsedFile(pair, expectedPath(pair, "response.json", "client")), asSent(encoded)), ...lossProblems(pair, world)];
}

function runError(pair: Pair): Problems {
  const { exchange } = ask(pair);
  const { status, headers, body } = parsedFile(pair, `${pair.writer}/error.json`) as { readonly status: number; readonly headers?: { readonly [name: string]: string }; readonly body: Json };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const error = pair.upstream.decodeError(status, new Headers({ ...headers }), text, exchange.now);
  const encoded = pair.client.encodeError(error, "req_1");
  return differences(parsedFile(pair, expectedPath(pair, "error.json", "client")), asSent(encoded));
}

function runStream(pair: Pair): Problems {
  const text = given(pair, `${pair.writer}/stream.sse`);
  const framed = expectedPath(pair, "stream.sse", "client");
  const expected = parseStream(pair.source.files[framed] ?? given(pair, expectedPath(pair, "stream.json", "client")));
  const problems: string[] = [];
  for (const [how, pieces] of chunkings(text, pair.source.id.length)) {
    const { world, exchange } = ask(pair);
    const out = translateStream(pieces, pair.upstream, pair.client, exchange).text;
    const found = [...differences(expected as Json, asSent(parseStream(out))), ...grammarFaults(pair.client.id, out, pair.sheet.fails === true), ...lossProblems(pair, world)];
    problems.push(...found.map((problem) => `${how}: ${problem}`));
    if (found.length > 0) break;
  }
  return problems;
}

/** A reply to the client, and the client's next request, in which the case's file may point into that reply. */
function runLoop(pair: Pair): Problems {
  const memory: NonNullable<Memory> = new Map();
  const first = ask(pair, memory);
  const response = pair.upstream.decodeResponse(parsedFile(pair, `${pair.upstream.id}/response.json`), first.exchange);
  const reply = asSent(pair.client.encodeResponse(response, first.exchange));
  const replyPath = pair.writer === pair.reader ? `${pair.client.id}/response.client.json` : `${pair.client.id}/response.json`;
  const next = resolved(parsedFile(pair, `${pair.client.id}/request.json`), reply);
  const last: Pair = pair.sheet.then === undefined ? pair : { ...pair, reader: pair.sheet.then, upstream: dialectOf(pair.sheet.then) };
  const asked = decode(last, next, pair.sheet.forgets === true ? new Map() : memory);
  const encoded = last.upstream.encodeRequest(asked.request, asked.exchange);
  return [
    ...differences(parsedFile(pair, replyPath), reply, "reply"),
    ...requestProblems(last, encoded, parsedFile(last, expectedPath(last, "request.json", "upstream"))),
    ...lossProblems(pair, asked.world),
  ];
}

const REFERENCE = /^\$reply\.(.+)$/;

/** Puts values of the reply where the request says `$reply.path.to.it`; a list in a list is spread. */
function resolved(value: Json, reply: Json): Json {
  if (typeof value === "string") {
    const path = REFERENCE.exec(value)?.[1];
    return path === undefined ? value : valueAt(reply, path);
  }
  if (Array.isArray(value)) {
    return value.flatMap((element: Json) => {
      const found = resolved(element, reply);
      return typeof element === "string" && Array.isArray(found) ? found as Json[] : [found];
    });
  }
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolved(member ?? null, reply)])) : value;
}

function valueAt(root: Json, path: string): Json {
  let value: Json = root;
  for (const key of path.split(".")) {
    const next: Json | undefined = Array.isArray(value) ? (value[Number(key)] as Json | undefined) : isJsonObject(value) ? value[key] : undefined;
    if (next === undefined) throw new TypeError(`the reply has no ${path}`);
    value = next;
  }
  return value;
}
