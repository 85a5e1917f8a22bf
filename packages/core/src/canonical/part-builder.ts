import type { Citation } from "./citation.ts";
import type { Delta } from "./event.ts";
import type { AudioPart, Part } from "./message.ts";
import type { Seal } from "./seal.ts";
import { parseArguments } from "./tool-arguments.ts";

/** Grows one part from its `part-start` skeleton and the deltas that follow. */
export class PartBuilder {
  readonly #skeleton: Part;
  #text: string;
  #summary: string[] | undefined;
  #citations: Citation[] | undefined;
  #seal: Seal | undefined;
  #logprobs: unknown[] | undefined;
  #media = "";

  constructor(skeleton: Part) {
    this.#skeleton = skeleton;
    this.#text = initialText(skeleton);
    if (skeleton.kind === "reasoning" && skeleton.summary !== undefined) this.#summary = [...skeleton.summary];
    if (skeleton.kind === "text" && skeleton.citations !== undefined) this.#citations = [...skeleton.citations];
  }

  get kind(): Part["kind"] {
    return this.#skeleton.kind;
  }

  get text(): string {
    return this.#text;
  }

  add(delta: Delta): void {
    switch (delta.type) {
      case "text":
        this.#text += delta.text;
        if (delta.logprobs !== undefined) (this.#logprobs ??= []).push(...(Array.isArray(delta.logprobs) ? delta.logprobs : [delta.logprobs]));
        return;
      case "arguments":
        this.#text += delta.text;
        return;
      case "summary": {
        const parts = (this.#summary ??= []);
        while (parts.length <= delta.summaryIndex) parts.push("");
        parts[delta.summaryIndex] += delta.text;
        return;
      }
      case "citation":
        (this.#citations ??= []).push(delta.citation);
        return;
      case "seal":
        this.#seal = delta.seal;
        return;
      case "media":
        this.#media += delta.data;
        if (delta.transcript !== undefined) this.#text += delta.transcript;
    }
  }

  /** The whole part. A function call whose text does not parse keeps its text and has no `arguments`. */
  build(): Part {
    const part = this.#skeleton;
    switch (part.kind) {
      case "text":
        return {
          ...part,
          text: this.#text,
          ...(this.#citations !== undefined && { citations: this.#citations }),
          ...(this.#seal !== undefined && { seal: this.#seal }),
          ...(this.#logprobs !== undefined && { logprobs: this.#logprobs as never }),
        };
      case "refusal":
        return { ...part, text: this.#text };
      case "reasoning": {
        const summary = this.#summary;
        const text = summary !== undefined ? summary.join("\n\n") : this.#text;
        return {
          ...part,
          text,
          ...(summary !== undefined && { summary }),
          ...(this.#seal !== undefined && { seal: this.#seal }),
        };
      }
      case "tool-call": {
        const parsed = part.variant === "function" ? parseArguments(this.#text) : undefined;
        return {
          ...part,
          argumentsText: this.#text,
          ...(parsed !== undefined && { arguments: parsed }),
          complete: part.complete && (part.variant === "custom" || parsed !== undefined),
          ...(this.#seal !== undefined && { seal: this.#seal }),
        };
      }
      case "audio":
        return this.#audio(part);
      default:
        return part;
    }
  }

  #audio(part: AudioPart): AudioPart {
    const before = part.source?.type === "base64" ? part.source.data : "";
    return {
      ...part,
      ...(this.#media !== "" && { source: { type: "base64", mimeType: part.source?.mimeType ?? "audio/wav", data: before + this.#media } }),
      ...(this.#text !== "" && { transcript: this.#text }),
    };
  }
}

function initialText(part: Part): string {
  switch (part.kind) {
    case "text":
    case "refusal":
    case "reasoning":
      return part.text;
    case "tool-call":
      return part.argumentsText;
    case "audio":
      return part.transcript ?? "";
    default:
      return "";
  }
}
