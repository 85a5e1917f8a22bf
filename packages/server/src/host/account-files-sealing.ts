import { createSecretBox, type SecretBox } from "@dragoman/gateway";

/** Contents of stored logins, closed with the house's key. A sealed file is `{"sealed":"<base64>"}`. */
export interface AccountSealing {
  seal(text: string): Promise<string>;
  /** Plain contents, and those that do not open with this key, come back as they are. */
  open(bytes: Uint8Array): Promise<Uint8Array>;
  openText(text: string): Promise<string>;
}

/** Sealed in: not the file's name, so that files may be moved and renamed. */
const NAME = "stored login";
const SEALED = /^\s*\{\s*"sealed"\s*:\s*"([A-Za-z0-9+/=]+)"\s*\}\s*$/;

export const isSealedText = (text: string): boolean => SEALED.test(text);

export function createAccountSealing(key: () => Uint8Array): AccountSealing {
  let made: SecretBox | undefined;
  const box = (): SecretBox => (made ??= createSecretBox(key()));
  const openText = async (text: string): Promise<string> => {
    const sealed = SEALED.exec(text)?.[1];
    if (sealed === undefined) return text;
    try {
      return await box().open(NAME, new Uint8Array(Buffer.from(sealed, "base64")));
    } catch {
      return text;
    }
  };
  return {
    openText,
    seal: async (text) => `${JSON.stringify({ sealed: Buffer.from(await box().seal(NAME, text)).toString("base64") })}\n`,
    async open(bytes) {
      const text = new TextDecoder().decode(bytes);
      return isSealedText(text) ? new TextEncoder().encode(await openText(text)) : bytes;
    },
  };
}
