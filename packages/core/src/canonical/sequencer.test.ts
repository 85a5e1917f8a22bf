import { describe, expect, test } from "bun:test";
import type { GenerateEvent } from "./event.ts";
import type { ToolCallPart } from "./message.ts";
import { PartBuilder } from "./part-builder.ts";
import { EventSequencer } from "./sequencer.ts";

const call = (callId: string, name: string): ToolCallPart => ({ kind: "tool-call", callId, name, variant: "function", argumentsText: "", complete: true });
const args = (text: string) => ({ type: "arguments", text }) as const;

/** The promises of `GenerateEvent`, checked on any list of events. */
function checkGrammar(events: readonly GenerateEvent[]): void {
  expect(events[0]?.type).toBe("response-start");
  expect(["response-end", "error"]).toContain(events.at(-1)?.type ?? "");
  expect(events.filter(({ type }) => type === "response-start" || type === "response-end" || type === "error")).toHaveLength(2);
  const lanes = new Map<number, { next: number; open: PartBuilder | undefined; finished: boolean }>();
  for (const event of events) {
    if (!("candidate" in event)) continue;
    const lane = lanes.get(event.candidate) ?? { next: 0, open: undefined, finished: false };
    lanes.set(event.candidate, lane);
    expect(lane.finished).toBe(false);
    switch (event.type) {
      case "part-start":
        expect(lane.open).toBeUndefined();
        expect(event.index).toBe(lane.next);
        lane.open = new PartBuilder(event.part);
        break;
      case "part-delta":
        expect(event.index).toBe(lane.next);
        expect(lane.open).toBeDefined();
        lane.open?.add(event.delta);
        break;
      case "part-end":
        expect(event.index).toBe(lane.next);
        expect(event.part).toEqual(lane.open!.build());
        lane.open = undefined;
        lane.next += 1;
        break;
      case "finish":
        expect(lane.open).toBeUndefined();
        lane.finished = true;
    }
  }
  if (events.at(-1)?.type === "response-end") for (const lane of lanes.values()) expect(lane.finished).toBe(true);
}

/** Runs a decoder's calls and looks at what came of them. */
function run(act: (sequencer: EventSequencer) => void): { events: GenerateEvent[]; lines: string[]; nameless: string[] } {
  const events: GenerateEvent[] = [];
  const nameless: string[] = [];
  let ids = 0;
  const sequencer = new EventSequencer((event) => void events.push(event), {
    fallbackId: () => "fallback-id",
    fallbackModel: "fallback-model",
    newCallId: () => `new_${++ids}`,
    onNamelessCall: (part) => void nameless.push(part.name),
  });
  act(sequencer);
  checkGrammar(events);
  return { events, lines: events.map(show), nameless };
}

function show(event: GenerateEvent): string {
  switch (event.type) {
    case "response-start":
      return `start ${event.id} ${event.model}`;
    case "part-start":
      return `+${event.part.kind}${event.part.kind === "tool-call" ? ` ${event.part.callId} ${event.part.name}` : ""}`;
    case "part-delta":
      return "text" in event.delta ? `  ${event.delta.text}` : `  ${event.delta.type}`;
    case "part-end":
      return `-${event.part.kind}`;
    case "finish":
      return `finish ${event.finish.reason}`;
    default:
      return event.type;
  }
}

/** The lines between the start and the end. */
const body = (act: (sequencer: EventSequencer) => void): string[] => run(act).lines.slice(1, -1);

describe("text that flows", () => {
  test("grows one part until something of another kind comes", () => {
    expect(body((s) => {
      s.flow(0, "reasoning", { text: "h" });
      s.flow(0, "reasoning", { text: "m" });
      s.flow(0, "text", { text: "yes" });
      s.flow(0, "reasoning", { text: "?" });
      s.finish(0, { reason: "end" });
      s.end();
    })).toEqual(["+reasoning", "  h", "  m", "-reasoning", "+text", "  yes", "-text", "+reasoning", "  ?", "-reasoning", "finish end"]);
  });

  test("empty text opens nothing and ends nothing", () => {
    expect(body((s) => {
      s.flow(0, "text", { text: "" });
      s.flow(0, "reasoning", { text: "a" });
      s.flow(0, "text", { text: "" });
      s.flow(0, "reasoning", { text: "b" });
      s.finish(0, { reason: "end" });
      s.end();
    })).toEqual(["+reasoning", "  a", "  b", "-reasoning", "finish end"]);
  });

  test("a break begins a part of the same kind anew", () => {
    expect(body((s) => {
      s.flow(0, "text", { text: "a" });
      s.breakFlow(0);
      s.flow(0, "text", { text: "b" });
      s.finish(0, { reason: "end" });
      s.end();
    })).toEqual(["+text", "  a", "-text", "+text", "  b", "-text", "finish end"]);
  });

  test("a seal hangs on the part of its kind, or is refused", () => {
    const seal = { type: "seal", seal: { vendor: "v", form: "signature", value: "S", bindsTo: "self" } } as const;
    expect(body((s) => {
      expect(s.attach(0, "reasoning", seal)).toBe(false);
      s.flow(0, "reasoning", { text: "a" });
      expect(s.attach(0, "text", seal)).toBe(false);
      expect(s.attach(0, "reasoning", seal)).toBe(true);
      s.breakFlow(0);
      expect(s.attach(0, "reasoning", seal)).toBe(false);
      s.finish(0, { reason: "end" });
      s.end();
    })).toEqual(["+reasoning", "  a", "  seal", "-reasoning", "finish end"]);
  });
});

describe("calls", () => {
  test("#37 calls one after the other stream at once: the next begins when the arguments before it are whole", () => {
    const { lines } = run((s) => {
      s.open(0, 0, call("a", "read"));
      s.delta(0, 0, args('{"p":'));
      s.delta(0, 0, args("1}"));
      s.open(0, 1, call("b", "write"));
      s.delta(0, 1, args("{}"));
      s.finish(0, { reason: "tool-use" });
      s.end();
    });
    expect(lines).toEqual(["start fallback-id fallback-model", "+tool-call a read", '  {"p":', "  1}", "-tool-call", "+tool-call b write", "  {}", "-tool-call", "finish tool-use", "response-end"]);
  });

  test("#38 interleaved calls come one after the other, all arguments whole", () => {
    const { lines, events } = run((s) => {
      s.open(0, 0, call("a", "read"));
      s.delta(0, 0, args('{"p":'));
      s.open(0, 1, call("b", "write"));
      s.delta(0, 1, args('{"q":'));
      s.delta(0, 0, args("1}"));
      s.delta(0, 1, args("2}"));
      expect(s.textOf(0, 1)).toBe('{"q":2}');
      s.finish(0, { reason: "tool-use" });
      s.end();
    });
    expect(lines.slice(1, -2)).toEqual(["+tool-call a read", '  {"p":', "  1}", "-tool-call", "+tool-call b write", '  {"q":', "  2}", "-tool-call"]);
    expect(events.flatMap((event) => (event.type === "part-end" && event.part.kind === "tool-call" ? [event.part.arguments] : []))).toEqual([{ p: 1 }, { q: 2 }]);
  });

  test("#24 a call is announced once it has both name and id, with the arguments that came before", () => {
    expect(body((s) => {
      s.open(0, 0, call("a", ""), false);
      s.delta(0, 0, args("{"));
      s.identify(0, 0, { name: "" });
      s.identify(0, 0, { name: "read" });
      s.identify(0, 0, { name: "other" });
      s.delta(0, 0, args("}"));
      s.finish(0, { reason: "tool-use" });
      s.end();
    })).toEqual(["+tool-call a read", "  {", "  }", "-tool-call", "finish tool-use"]);
  });

  test("#26 what never got a name or an id is given one, and that is told; what has nothing at all is no call", () => {
    const { lines, nameless } = run((s) => {
      s.open(0, 0, call("", "read"), false);
      s.open(0, 1, call("b", ""), false);
      s.open(0, 2, call("", ""), false);
      s.finish(0, { reason: "tool-use" });
      s.end();
    });
    expect(lines.slice(1, -2)).toEqual(["+tool-call new_1 read", "-tool-call", "+tool-call b tool_0", "-tool-call"]);
    expect(nameless).toEqual(["read", "tool_0"]);
  });

  test("text within an unfinished call waits for it, and later text joins it", () => {
    expect(body((s) => {
      s.open(0, 0, call("a", "read"));
      s.delta(0, 0, args("{"));
      s.flow(0, "text", { text: "by " });
      s.delta(0, 0, args("}"));
      s.flow(0, "text", { text: "the way" });
      s.open(0, 1, call("b", "write"));
      s.delta(0, 1, args("{}"));
      s.close(0, 0);
      s.close(0, 1);
      s.finish(0, { reason: "tool-use" });
      s.end();
    })).toEqual(["+tool-call a read", "  {", "  }", "-tool-call", "+text", "  by ", "  the way", "-text", "+tool-call b write", "  {}", "-tool-call", "finish tool-use"]);
  });

  test("#41 half-written arguments end with the stream and are not called complete", () => {
    const { events } = run((s) => {
      s.open(0, 0, call("a", "read"));
      s.delta(0, 0, args('{"p":'));
      s.finish(0, { reason: "max-tokens" });
      s.end();
    });
    expect(events.find(({ type }) => type === "part-end")).toMatchObject({ part: { argumentsText: '{"p":', complete: false } });
    expect(events.find(({ type }) => type === "finish")).toMatchObject({ finish: { reason: "max-tokens" } });
  });

  test("deltas to an unknown or ended part are nothing", () => {
    expect(body((s) => {
      s.delta(0, 9, args("x"));
      s.open(0, 0, call("a", "read"));
      s.close(0, 0);
      s.delta(0, 0, args("late"));
      s.finish(0, { reason: "tool-use" });
      s.end();
    })).toEqual(["+tool-call a read", "-tool-call", "finish tool-use"]);
  });
});

describe("beginning and end", () => {
  test("the first head counts; without one there is a fallback", () => {
    expect(run((s) => {
      s.start({ id: "r1", model: "m1" });
      s.start({ id: "r2", model: "m2" });
      s.end();
    }).lines).toEqual(["start r1 m1", "finish other", "response-end"]);
    expect(run((s) => s.end()).lines[0]).toBe("start fallback-id fallback-model");
  });

  test("#39 #40 the finish fits what was said", () => {
    const reasonOf = (reason: "end" | "tool-use", withCall: boolean): string | undefined => body((s) => {
      if (withCall) s.whole(0, { ...call("a", "read"), argumentsText: "{}" });
      s.finish(0, { reason });
      s.end();
    }).at(-1);
    expect(reasonOf("end", true)).toBe("finish tool-use");
    expect(reasonOf("tool-use", false)).toBe("finish end");
  });

  test("a later finish only counts if it tells of calls", () => {
    const last = (...reasons: readonly ("end" | "max-tokens" | "tool-use" | "refusal")[]): string | undefined => body((s) => {
      s.whole(0, { ...call("a", "read"), argumentsText: "{}" });
      for (const reason of reasons) s.finish(0, { reason });
      s.end();
    }).at(-1);
    expect(last("end", "tool-use")).toBe("finish tool-use");
    expect(last("max-tokens", "tool-use")).toBe("finish max-tokens");
    expect(last("refusal", "end")).toBe("finish refusal");
  });

  test("candidates keep apart", () => {
    const { events } = run((s) => {
      s.flow(0, "text", { text: "a" });
      s.flow(1, "text", { text: "b" });
      s.flow(0, "text", { text: "c" });
      s.finish(1, { reason: "end" });
      s.finish(0, { reason: "max-tokens" });
      s.end();
    });
    expect(events.flatMap((event) => (event.type === "part-end" && event.part.kind === "text" ? [`${event.candidate} ${event.part.text}`] : []))).toEqual(["0 ac", "1 b"]);
    expect(events.flatMap((event) => (event.type === "finish" ? [`${event.candidate} ${event.finish.reason}`] : []))).toEqual(["0 max-tokens", "1 end"]);
  });

  test("usage adds up to the last word on each number", () => {
    const { events } = run((s) => {
      s.usage({ inputFresh: 10, outputVisible: 1 });
      s.usage({ outputVisible: 5 });
      s.end();
    });
    expect(events.findLast(({ type }) => type === "usage")).toEqual({ type: "usage", usage: { inputFresh: 10, outputVisible: 5 } });
  });

  test("after the end there is nothing, whatever comes", () => {
    for (const stop of ["end", "fail"] as const) {
      const { lines } = run((s) => {
        s.flow(0, "text", { text: "a" });
        if (stop === "end") s.end();
        else s.fail({ kind: "server", code: "stream_interrupted", status: 502, message: "x", source: "upstream" });
        s.flow(0, "text", { text: "b" });
        s.whole(0, call("a", "read"));
        s.residue("d", { x: 1 });
        s.usage({ inputFresh: 1 });
        s.end();
        s.fail({ kind: "server", code: "stream_interrupted", status: 502, message: "x", source: "upstream" });
        expect(s.done).toBe(true);
      });
      expect(lines.at(-1)).toBe(stop === "end" ? "response-end" : "error");
    }
  });

  test("whether a stream had content and a finish can be asked", () => {
    run((s) => {
      expect([s.started, s.hasContent, s.finished]).toEqual([false, false, false]);
      s.open(0, 0, call("a", ""), false);
      expect([s.started, s.hasContent]).toEqual([false, true]);
      s.finish(0, { reason: "end" });
      expect(s.finished).toBe(true);
      s.end();
    });
  });
});

test("random calls of a decoder keep the grammar, and lose no text", () => {
  for (let seed = 1; seed <= 500; seed++) {
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >>> 8) % below;
    };
    let said = "";
    const { events } = run((s) => {
      for (let step = 0; step < 40; step++) {
        const [lane, key, word] = [random(2), random(3), `w${step} `];
        const kind = (["text", "reasoning", "refusal"] as const)[random(3)]!;
        switch (random(6)) {
          case 0:
          case 1:
            s.flow(lane, kind, { text: word });
            said += word;
            break;
          case 2:
            s.open(lane, `${key}`, call(random(3) ? `c${step}` : "", random(3) ? "n" : ""), false);
            s.identify(lane, `${key}`, {});
            break;
          case 3:
            if (s.has(lane, `${key}`)) s.delta(lane, `${key}`, args(random(2) ? "{}" : ""));
            break;
          case 4:
            s.identify(lane, `${key}`, { callId: `i${step}`, name: "late" });
            break;
          default:
            if (random(2)) s.close(lane, `${key}`);
            else s.breakFlow(lane);
        }
      }
      s.end();
    });
    const words = (text: string): string[] => text.trim().split(" ").sort();
    expect(words(events.flatMap((event) => (event.type === "part-end" && "text" in event.part ? [event.part.text] : [])).join(""))).toEqual(words(said));
  }
});
