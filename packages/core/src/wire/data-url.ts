import type { Media } from "../canonical/index.ts";

/** Reads `data:<mime>;base64,<data>`; tolerates a missing MIME type, further parameters and percent-encoding. `undefined` when it is no data URL. */
export function parseDataUrl(_url: string): Extract<Media, { type: "base64" }> | undefined {
  throw new Error("not written yet");
}

export function toDataUrl(_mimeType: string, _data: string): string {
  throw new Error("not written yet");
}

/** MIME type from a file name's ending, or from the first bytes of base64 data. */
export function guessMimeType(_filename: string | undefined, _base64: string | undefined): string | undefined {
  throw new Error("not written yet");
}
