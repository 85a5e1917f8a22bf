// What a simulated model says, at random, and how each provider tells it: whole, or as a stream.
import { isJsonObject, type JsonObject } from "@dragoman/core";
import { SealBook, SIMULATED, type Act, type ReplyContext } from "@dragoman/gateway/testing";
import { chance, pick, type Random } from "./conversations.ts";

export function randomAct(random: Random): Act {
  const calls = Array.from({ length: Math.floor(random() * 3) }, (_, at) => ({ name: pick(random, ["f", "g"]), arguments: { a: at, text: pick(random, ["x", "Łódź 🙂", "\"quoted\"\n"]) } }));
  return {
    ...(chance(random, 0.5) && { reasoning: pick(random, ["hm", "Let me think.\n\nStill thinking."]) }),
    ...((calls.length === 0 || chance(random, 0.5)) && { text: pick(random, ["Hello", "Łódź 🙂 is a city.", "a\n\nb"]) }),
    ...(calls.length > 0 && { calls }),
    ...(chance(random, 0.15) && calls.length === 0 && { finish: "length" as const }),
    usage: { input: 20, cached: pick(random, [0, 8]), output: 12, reasoning: pick(random, [0, 5]) },
  };
}

/** A provider in the middle of a conversation: it makes seals, and knows them again. */
export interface Provider {
  readonly seals: SealBook;
  whole(act: Act): JsonObject;
  events(act: Act): readonly string[];
}

/** Each answer counts its ids from 1, so that an act told twice is told with the same ids and the same seals. */
export function provider(dialect: string, body: JsonObject = {}): Provider {
  const simulated = SIMULATED.find((candidate) => candidate.dialect.id === dialect);
  if (simulated === undefined) throw new TypeError(`Nobody simulates ${dialect}.`);
  const seals = new SealBook(simulated.vendor);
  const reply = (book: SealBook): ReplyContext => {
    let count = 0;
    const options: JsonObject = isJsonObject(body.stream_options) ? body : { ...body, stream_options: { include_usage: true } };
    const question = { model: "up-1", streamed: true, prompt: "", system: "", results: [], toolNames: [], images: 0, wantsReasoning: true, body: options };
    return { model: "up-1", id: (prefix) => `${prefix}sim${String(++count).padStart(12, "0")}`, seals: book, question };
  };
  return {
    seals,
    whole: (act) => simulated.dialect.whole(act, reply(seals)),
    events: (act) => simulated.dialect.events(act, reply(seals)),
  };
}
