// A strict reader of Prometheus' text format 0.0.4: whatever it does not know is a fault.

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const TYPES = new Set(["counter", "gauge", "histogram"]);

/** @throws Error on the first line that breaks the format, and on families that break its rules */
export function parseMetrics(text: string): Map<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const families = new Map<string, { type: string; help: string; samples: Sample[] }>();
  let current = "";
  let help: { name: string; text: string } | undefined;
  const seen = new Set<string>();
  for (const line of text.slice(0, -1).split("\n")) {
    const told = /^# HELP (\S+) (.+)$/.exec(line);
    if (told !== null) {
      help = { name: told[1] ?? "", text: told[2] ?? "" };
      continue;
    }
    const typed = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (typed !== null) {
      current = typed[1] ?? "";
      if (!NAME.test(current) || !TYPES.has(typed[2] ?? "")) throw new Error(`bad type: ${line}`);
      if (families.has(current)) throw new Error(`family ${current} is there twice`);
      if (help?.name !== current) throw new Error(`no help before ${line}`);
      families.set(current, { type: typed[2] ?? "", help: help.text, samples: [] });
      continue;
    }
    const sample = readSample(line);
    const family = families.get(current);
    const suffixes = family?.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
    if (family === undefined || !suffixes.some((suffix) => sample.name === current + suffix)) throw new Error(`${line} stands outside its family`);
    const identity = sample.name + JSON.stringify(Object.entries(sample.labels).sort());
    if (seen.has(identity)) throw new Error(`${line} is there twice`);
    seen.add(identity);
    if (family.type === "counter" && (sample.value < 0 || !current.endsWith("_total"))) throw new Error(`no counter: ${line}`);
    family.samples.push(sample);
  }
  for (const [name, family] of families) if (family.type === "histogram") checkHistogram(name, family.samples);
  return families;
}

function readSample(line: string): Sample {
  const [, name = "", labels, value = ""] = /^([^\s{]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (!NAME.test(name)) throw new Error(`no sample: ${JSON.stringify(line)}`);
  const number = value === "+Inf" ? Number.POSITIVE_INFINITY : Number(value);
  if (Number.isNaN(number)) throw new Error(`no number: ${line}`);
  return { name, labels: labels === undefined ? {} : readLabels(labels), value: number };
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  const pair = /([^=]+)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y;
  while (pair.lastIndex < text.length) {
    const found = pair.exec(text);
    if (found === null) throw new Error(`bad labels: ${text}`);
    const [, name = "", value = ""] = found;
    if (!LABEL.test(name) || name in labels) throw new Error(`bad label ${name} in ${text}`);
    labels[name] = value.replace(/\\([\\"n])/g, (_all, character: string) => (character === "n" ? "\n" : character));
  }
  return labels;
}

/** Buckets grow, end with +Inf, and +Inf is the count. */
function checkHistogram(name: string, samples: readonly Sample[]): void {
  const groups = new Map<string, { buckets: [number, number][]; count?: number; sum?: number }>();
  for (const { name: sampleName, labels, value } of samples) {
    const { le, ...rest } = labels;
    const key = JSON.stringify(Object.entries(rest).sort());
    const group = groups.get(key) ?? { buckets: [] };
    groups.set(key, group);
    if (sampleName.endsWith("_bucket")) group.buckets.push([le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le), value]);
    else if (le !== undefined) throw new Error(`le on ${sampleName}`);
    else if (sampleName.endsWith("_count")) group.count = value;
    else group.sum = value;
  }
  for (const [key, { buckets, count, sum }] of groups) {
    if (count === undefined || sum === undefined) throw new Error(`${name}${key}: no count or no sum`);
    buckets.forEach(([bound, value], index) => {
      const before = buckets[index - 1];
      if (Number.isNaN(bound) || (before !== undefined && (before[0] >= bound || before[1] > value))) throw new Error(`${name}${key}: buckets do not grow`);
    });
    const last = buckets.at(-1);
    if (last?.[0] !== Number.POSITIVE_INFINITY || last[1] !== count) throw new Error(`${name}${key}: +Inf is not the count`);
  }
}
