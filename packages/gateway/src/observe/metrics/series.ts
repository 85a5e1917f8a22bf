// Counters and histograms in the words of Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats, read 2026-11).

export type Labels = Readonly<Record<string, string>>;

/** One number of a family; whoever counts often keeps it. */
export interface Cell {
  value: number;
}

/** A family of numbers that only grow, told apart by labels. */
export class Counter {
  readonly #head: string;
  readonly #name: string;
  readonly #cells = new Map<string, Cell>();

  constructor(name: string, help: string) {
    this.#name = name;
    this.#head = headOf(name, help, "counter");
  }

  /** `labels` as `labelText` writes them. */
  cell(labels: string): Cell {
    let cell = this.#cells.get(labels);
    if (cell === undefined) {
      cell = { value: 0 };
      this.#cells.set(labels, cell);
    }
    return cell;
  }

  text(): string {
    return this.#head + [...this.#cells].map(([labels, { value }]) => `${this.#name}${braced(labels)} ${value}\n`).join("");
  }
}

/** How often values of each size were seen, for one set of labels. */
export class Distribution {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #count = 0;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Array<number>(bounds.length).fill(0);
  }

  observe(value: number): void {
    this.#count++;
    this.#sum += value;
    for (let at = 0; at < this.#bounds.length; at++) {
      if (value <= (this.#bounds[at] ?? 0)) {
        this.#counts[at] = (this.#counts[at] ?? 0) + 1;
        return;
      }
    }
  }

  text(name: string, labels: string): string {
    let below = 0;
    const lines = this.#bounds.map((bound, index) => {
      below += this.#counts[index] ?? 0;
      return `${name}_bucket${braced(joined(labels, `le="${bound}"`))} ${below}\n`;
    });
    return `${lines.join("")}${name}_bucket${braced(joined(labels, 'le="+Inf"'))} ${this.#count}\n${name}_sum${braced(labels)} ${this.#sum}\n${name}_count${braced(labels)} ${this.#count}\n`;
  }
}

/** A family of distributions, told apart by labels. */
export class Histogram {
  readonly #head: string;
  readonly #name: string;
  readonly #bounds: readonly number[];
  readonly #cells = new Map<string, Distribution>();

  /** `bounds`: upper ones, ascending; infinity is added. */
  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name;
    this.#bounds = bounds;
    this.#head = headOf(name, help, "histogram");
  }

  cell(labels: string): Distribution {
    let cell = this.#cells.get(labels);
    if (cell === undefined) {
      cell = new Distribution(this.#bounds);
      this.#cells.set(labels, cell);
    }
    return cell;
  }

  text(): string {
    return this.#head + [...this.#cells].map(([labels, cell]) => cell.text(this.#name, labels)).join("");
  }
}

/** Numbers that are looked up when somebody asks. */
export function gaugeText(name: string, help: string, rows: Iterable<readonly [labels: string, value: number]>): string {
  return headOf(name, help, "gauge") + [...rows].map(([labels, value]) => `${name}${braced(labels)} ${value}\n`).join("");
}

/** `a="b",c="d"`, escaped. */
export function labelText(labels: Labels): string {
  return Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`).join(",");
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
}

const joined = (labels: string, more: string): string => (labels === "" ? more : `${labels},${more}`);
const braced = (labels: string): string => (labels === "" ? "" : `{${labels}}`);
const headOf = (name: string, help: string, type: string): string => `# HELP ${name} ${help.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")}\n# TYPE ${name} ${type}\n`;
