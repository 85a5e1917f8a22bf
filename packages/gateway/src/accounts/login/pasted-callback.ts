/** What a person copied out of the browser. */
export interface PastedCallback {
  readonly code?: string;
  readonly state?: string;
  readonly error?: string;
}

/** `abc#xyz`, as some vendors' pages show code and state to be copied. */
const CODE_AND_STATE = /^([^\s#?&=/:]+)#([^\s#?&=/:]+)$/;

/**
 * Reads the address to which a browser was sent back, or what is left of it: without its scheme, its query alone, or
 * `code#state`. What the query does not say may stand in the fragment.
 * @returns `undefined` when it is none of these; it may hold neither code nor error
 */
export function parsePastedCallback(text: string): PastedCallback | undefined {
  const pasted = text.trim();
  const short = CODE_AND_STATE.exec(pasted);
  if (short !== null) return { code: short[1] ?? "", state: short[2] ?? "" };
  const url = addressOf(pasted);
  if (url === undefined) return undefined;
  const fragment = url.hash.slice(1);
  const places = [url.searchParams, new URLSearchParams(fragment)];
  const said = (name: string): string | undefined => places.map((place) => place.get(name)?.trim() ?? "").find((value) => value !== "");
  const [code, behind] = splitCode(said("code"));
  const state = said("state") ?? behind ?? (code !== undefined && /^[\w.-]+$/.test(fragment) ? fragment : undefined);
  const error = said("error") ?? said("error_description");
  return { ...(code !== undefined && { code }), ...(state !== undefined && { state }), ...(error !== undefined && { error }) };
}

function addressOf(text: string): URL | undefined {
  const address = text.includes("://") ? text
    : text.startsWith("?") ? `http://localhost${text}`
    : /^[^/?#:]*=/.test(text) ? `http://localhost/?${text}`
    : /[/?#:]/.test(text) ? `http://${text}`
    : undefined;
  return address === undefined ? undefined : URL.parse(address) ?? undefined;
}

/** A code that brings its state along. */
function splitCode(code: string | undefined): readonly [code: string | undefined, state: string | undefined] {
  const at = code?.indexOf("#") ?? -1;
  if (code === undefined || at < 0) return [code, undefined];
  const state = code.slice(at + 1);
  return [code.slice(0, at), state === "" ? undefined : state];
}
