import type { JsonObject } from "@dragoman/core";
import type { Clock, Ids, UpstreamFetch } from "../ports.ts";
import { AccountError } from "./account-error.ts";
import { parseObject } from "./stored-json.ts";

/** Calls to a vendor that are not requests for a model: login, renewal, profile, projects. */
export interface VendorCalls {
  /** Sends a form. @throws AccountError `unavailable` when there is no answer; bad statuses are answers */
  form(url: string, fields: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): Promise<VendorReply>;
  json(url: string, body: JsonObject, headers?: Readonly<Record<string, string>>): Promise<VendorReply>;
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<VendorReply>;
  /** Epoch ms. */
  now(): number;
  /** `length` unguessable letters and digits. */
  random(length: number): string;
  /** Resolves after so many ms, or rejects when the visit is over. */
  pause(durationMs: number): Promise<void>;
}

export interface VendorReply {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly text: string;
  /** `undefined` when the text is no JSON object. */
  readonly body: JsonObject | undefined;
}

export interface VendorCallsOptions {
  readonly fetch: UpstreamFetch;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Asked for each call. */
  readonly nextProxy?: () => string | undefined;
  readonly signal?: AbortSignal;
  readonly userAgent?: string | undefined;
}

/** Vendors answer such calls within seconds, or not at all. */
const TIMEOUT_MS = 30_000;
/** Longer answers are pages, not answers. Characters. */
const MAX_REPLY = 1_048_576;

export function createVendorCalls(options: VendorCallsOptions): VendorCalls {
  const call = (url: string, method: string, headers: Readonly<Record<string, string>>, body?: string): Promise<VendorReply> => ask(options, { url, method, headers, body });
  return {
    form: (url, fields, headers = {}) => call(url, "POST", { "content-type": "application/x-www-form-urlencoded", ...headers }, new URLSearchParams(fields).toString()),
    json: (url, body, headers = {}) => call(url, "POST", { "content-type": "application/json", ...headers }, JSON.stringify(body)),
    get: (url, headers = {}) => call(url, "GET", headers),
    now: () => options.clock.now(),
    random: (length) => options.ids.random(length),
    pause: (durationMs) => pause(durationMs, options.signal),
  };
}

interface Question {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

async function ask({ fetch, nextProxy, signal, userAgent }: VendorCallsOptions, { url, method, headers, body }: Question): Promise<VendorReply> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      method,
      headers: { accept: "application/json", "user-agent": userAgent ?? "dragoman", ...headers },
      body,
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      proxyUrl: nextProxy?.(),
    });
    const text = (await response.text()).slice(0, MAX_REPLY);
    return { status: response.status, ok: response.ok, headers: response.headers, text, body: parseObject(text) };
  } catch (cause) {
    // The address may hold a token in its query, so that only its host is named.
    throw new AccountError("unavailable", `${new URL(url).host} could not be reached`, { cause });
  }
}

function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new AccountError("expired", "the login was given up"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, durationMs);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
