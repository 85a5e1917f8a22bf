/** A multiple of three, so that the pieces' base64 can be joined. Bytes. */
const PIECE = 0x8000 - (0x8000 % 3);

export function toBase64(bytes: Uint8Array): string {
  let base64 = "";
  for (let at = 0; at < bytes.length; at += PIECE) base64 += btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE)));
  return base64;
}
