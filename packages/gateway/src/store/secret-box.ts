/** Closes secrets for the store, and opens them again. */
export interface SecretBox {
  /** The name is sealed in: a secret does not open under another one. */
  seal(name: string, secret: string): Promise<Uint8Array>;
  /** @throws Error when it was closed with another key, under another name, or altered */
  open(name: string, sealed: Uint8Array): Promise<string>;
}

/** First byte of everything sealed; other ways of sealing get other ones. */
const VERSION = 1;
/** AES-GCM's own size, in bytes. */
const NONCE_BYTES = 12;

const encoder = new TextEncoder();

/** AES-256-GCM, with a key that is derived from the house's secret key: that one opens nothing by itself. */
export function createSecretBox(secretKey: Uint8Array): SecretBox {
  let derived: Promise<CryptoKey> | undefined;
  const key = (): Promise<CryptoKey> => (derived ??= deriveKey(secretKey));
  return {
    async seal(name, secret) {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const closed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: encoder.encode(name) }, await key(), encoder.encode(secret)));
      const sealed = new Uint8Array(1 + NONCE_BYTES + closed.length);
      sealed[0] = VERSION;
      sealed.set(nonce, 1);
      sealed.set(closed, 1 + NONCE_BYTES);
      return sealed;
    },
    async open(name, sealed) {
      if (sealed[0] !== VERSION) throw new Error("the secret is sealed in a way that this program does not know");
      try {
        const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.slice(1, 1 + NONCE_BYTES), additionalData: encoder.encode(name) }, await key(), sealed.slice(1 + NONCE_BYTES));
        return new TextDecoder().decode(opened);
      } catch {
        throw new Error("the secret does not open with this secret key");
      }
    },
  };
}

async function deriveKey(secretKey: Uint8Array): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", new Uint8Array(secretKey), "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: encoder.encode("dragoman secrets") }, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
