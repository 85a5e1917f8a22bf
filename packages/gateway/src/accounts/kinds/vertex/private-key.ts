// Private keys of service accounts: PEM text in many states of repair, PKCS#8 or PKCS#1 inside.

/** ANSI colours of terminals that the key was copied from. */
// eslint-disable-next-line no-control-regex -- the escape character is what is looked for
const COLOURS = /\u001b\[[0-9;]*m/g;
const ARMOUR = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----([\s\S]*?)-----END/;
/** Characters of a line (RFC 7468, section 2). */
const LINE = 64;

/** The key as PEM with lines of 64 characters; `undefined` when it is none. */
export function normalisedKey(text: string): string | undefined {
  const plain = text.replace(COLOURS, "").replaceAll("\\r", "").replaceAll("\\n", "\n").replaceAll("\r", "");
  const [, label = "PRIVATE KEY", body = plain] = ARMOUR.exec(plain) ?? [];
  const base64 = body.replace(/\s+/g, "");
  // A key is a sequence (0x30), which begins with M.
  if (!/^M[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const lines = base64.match(new RegExp(`.{1,${LINE}}`, "g")) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/** The key's PKCS#8 bytes, whichever form the text has. @throws Error when it is no key */
export function keyBytes(text: string): Uint8Array<ArrayBuffer> {
  const pem = normalisedKey(text);
  if (pem === undefined) throw new Error("not a private key");
  const base64 = pem.replace(/-----[^-]+-----/g, "").replace(/\s+/g, "");
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return isPlainRsa(bytes) ? wrapped(bytes) : bytes;
}

/** After the version, PKCS#1 goes on with a number (0x02), PKCS#8 with a sequence (0x30). */
function isPlainRsa(bytes: Uint8Array): boolean {
  const inside = 2 + ((bytes[1] ?? 0) > 0x80 ? (bytes[1] ?? 0) - 0x80 : 0);
  return bytes[inside] === 0x02 && bytes[inside + 3] === 0x02;
}

/** `SEQUENCE { OID rsaEncryption, NULL }` (RFC 8017, appendix A.1). */
const RSA = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/** `PrivateKeyInfo` around an `RSAPrivateKey` (RFC 5208, section 5). */
function wrapped(key: Uint8Array): Uint8Array<ArrayBuffer> {
  const octets = tagged(0x04, key);
  return tagged(0x30, new Uint8Array([0x02, 0x01, 0x00, ...RSA, ...octets]));
}

function tagged(tag: number, value: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = value;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return new Uint8Array([tag, ...size, ...value]);
}
