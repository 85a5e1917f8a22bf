import type { Background, Clock, Ids, Logger, LogLevel, Ports, UpstreamFetch, UsageSink } from "../ports.ts";

// What every runtime with web standards has, for hosts that bring nothing better.

/**
 * The runtime's own `fetch`; redirects are not followed, since they would carry keys along. It has no proxies and cannot
 * choose the address behind a name: what asks for either fails, because going directly would not be what was wanted.
 */
const directFetch: UpstreamFetch = async (url, { proxyUrl, address, ...init }) => {
  if (proxyUrl !== undefined && proxyUrl !== "" && proxyUrl !== "direct") throw new Error("fetch of this host knows no proxies; give createGateway a `ports.fetch` that does");
  if (address !== undefined && new URL(url).hostname.replace(/^\[|\]$/g, "") !== address) throw new Error("fetch of this host cannot connect to a chosen address; give createGateway a `ports.fetch` that does");
  return fetch(url, { ...init, redirect: "manual" } as RequestInit);
};

export const systemClock: Clock = { now: () => Date.now() };

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** The largest multiple of the alphabet's length that a byte can hold; bytes above it would favour the first letters. */
const FAIR_BYTES = 256 - (256 % ALPHABET.length);

export const systemIds: Ids = {
  random(length) {
    let text = "";
    while (text.length < length) {
      for (const byte of crypto.getRandomValues(new Uint8Array(length - text.length + 8))) {
        if (byte < FAIR_BYTES && text.length < length) text += ALPHABET[byte % ALPHABET.length];
      }
    }
    return text;
  },
};

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** Lines for the runtime's console, from a level on: level, event, fields. */
export function consoleLogger(from: LogLevel = "info"): Logger {
  const least = LEVELS.indexOf(from);
  return {
    log(level, event, fields) {
      // The one place of this package that may: the console is the port here.
      // eslint-disable-next-line no-console
      if (LEVELS.indexOf(level) >= least) console[level](event, fields ?? {});
    },
  };
}

/** Nobody waits for it. A host that ends its processes between requests gives its own `waitUntil`. */
const unawaited: Background = { run: (work) => void work.catch(() => undefined) };

const NOWHERE: UsageSink = { record: () => undefined };

/** Every port that a host left out. */
export function completePorts(given: Partial<Ports>): Ports {
  return {
    ...given,
    fetch: given.fetch ?? directFetch,
    clock: given.clock ?? systemClock,
    ids: given.ids ?? systemIds,
    logger: given.logger ?? consoleLogger("warn"),
    background: given.background ?? unawaited,
    usage: given.usage ?? NOWHERE,
  };
}
