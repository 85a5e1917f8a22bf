import { type Document, LineCounter, parseDocument } from "yaml";

/** A YAML text as it was read. Several parts of the program share it: nobody changes the document. */
export interface ReadText {
  readonly text: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/** How long the last text stays in memory after it was asked for, in ms; it takes about a hundred times its length. */
const REMEMBERED_MS = 60_000;

let last: ReadText | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Reads a YAML text, with what is needed to edit it. Mistakes are in `document.errors`. Reading is by far the most work of a
 * change (half a second for ten thousand keys), and what was written is what the next change begins with: so the last text
 * is remembered for a while.
 */
export function readDocument(text: string): ReadText {
  if (last?.text !== text) {
    const lines = new LineCounter();
    last = { text, lines, document: parseDocument(text, { keepSourceTokens: true, merge: true, lineCounter: lines, prettyErrors: false }) };
  }
  clearTimeout(timer);
  timer = setTimeout(() => void (last = undefined), REMEMBERED_MS);
  timer.unref();
  return last;
}
