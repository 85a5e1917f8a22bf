import { renderUnicodeCompact } from "uqr";

/** An address as a picture for telephones, two dots a character; light on dark, as most terminals are. */
export function qrCode(text: string): string {
  return renderUnicodeCompact(text, { border: 2 }).split("\n").map((line) => `  ${line}`).join("\n");
}
