/** The path that a base URL does not hold, though people write it. */
const ENDPOINT = /\/chat\/completions$/;

/** An http(s) address as it was given, be it of an API or of its endpoint for chats; without a scheme it is https. */
export interface GivenUrl {
  readonly url: URL;
  /** As `base-url` wants it: without the endpoint and a slash at the end. */
  readonly baseUrl: string;
}

/** `undefined`: it is no address. */
export function readBaseUrl(text: string): GivenUrl | undefined {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  if (!/^https?:$/.test(url.protocol)) return undefined;
  return { url, baseUrl: whole.replace(/[?#].*$/, "").replace(/\/+$/, "").replace(ENDPOINT, "").replace(/\/+$/, "") };
}
