/** Proof key for code exchange (RFC 7636), method `S256`. */
export interface ProofKey {
  readonly verifier: string;
  /** Base64url without padding of the verifier's SHA-256. */
  readonly challenge: string;
}

/** @param length of the verifier, 43 to 128; absent: the vendor knows no PKCE, and both are empty */
export async function createProofKey(length: number | undefined, random: (length: number) => string): Promise<ProofKey> {
  if (length === undefined) return { verifier: "", challenge: "" };
  const verifier = random(length);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return { verifier, challenge: base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "") };
}
