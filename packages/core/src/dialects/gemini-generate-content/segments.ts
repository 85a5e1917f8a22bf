// Gemini counts positions in UTF-8 bytes, the canonical form in UTF-16 code units.

/** Bytes that the code unit at `index` adds in UTF-8, and how many units its character takes. */
function measure(text: string, index: number): { readonly bytes: number; readonly units: number } {
  const code = text.codePointAt(index) ?? 0;
  if (code < 0x80) return { bytes: 1, units: 1 };
  if (code < 0x800) return { bytes: 2, units: 1 };
  return code < 0x10000 ? { bytes: 3, units: 1 } : { bytes: 4, units: 2 };
}

/** The UTF-16 offset of a byte offset; one inside a character is moved to its start, one past the end to the end. */
export function toUnitOffset(text: string, byteOffset: number): number {
  let bytes = 0;
  let units = 0;
  while (units < text.length) {
    const step = measure(text, units);
    if (bytes + step.bytes > byteOffset) return units;
    bytes += step.bytes;
    units += step.units;
  }
  return units;
}

/** The byte offset of a UTF-16 offset. */
export function toByteOffset(text: string, unitOffset: number): number {
  let bytes = 0;
  let units = 0;
  while (units < Math.min(unitOffset, text.length)) {
    const step = measure(text, units);
    bytes += step.bytes;
    units += step.units;
  }
  return bytes;
}
