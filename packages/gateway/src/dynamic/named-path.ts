import { GatewayError } from "@dragoman/core";

/** An upstream as a path names it. Nothing of it is trusted yet but its spelling. */
export interface NamedUpstream {
  /** The word before `+`: which dialect is spoken there. */
  readonly word?: string;
  /** Scheme, host and base path, without a trailing slash. */
  readonly baseUrl: string;
  /** Absent: the one that the request itself names. */
  readonly model?: string;
}

/** What people are told who spell it otherwise. */
export const FORM = "the form is /https/HOST/BASE-PATH/MODEL/v1/messages, or any other client path in place of /v1/messages. Write a slash in the model's name as %2F, or put the whole name behind /-/. A word such as claude+https tells the upstream's dialect.";

const PROTOCOL = /^(?:([a-z][a-z-]*)(?:\+|%2b))?(https?)$/i;
/** Plain ASCII: whatever else URL parsers take for a host does not get as far as to one. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
const LOOKS_LIKE_HOST = /\.|:\d+$/;
const BASE_SEGMENT = /^(?!\.{1,2}$)[\w.~!$&'()*+,;=:@-]+$/;
/** Ends of base paths; no model is called so. */
const VERSION = /^v\d+(?:alpha|beta)?\d*$/i;
/** Stands alone before a model's name that may hold slashes. */
const MODEL_FOLLOWS = "-";
const MAX_MODEL_LENGTH = 256;
const CONTROL = /\p{Cc}/u;

/** Whether a path that nobody knows begins as one that names an upstream. */
export function beginsWithProtocol(path: string): boolean {
  return PROTOCOL.test(path.slice(1).split("/", 1)[0] ?? "");
}

/**
 * Reads `/protocol/host/base path/model`, the part of a path before the client's own. `modelFollows`: the client's own
 * part names a model, too, so that one before it may be left out.
 * @throws GatewayError `invalid_request` with the form that is expected; `not_found` when it is of another kind altogether
 */
export function readNamedUpstream(mount: string, { modelFollows }: { readonly modelFollows: boolean }): NamedUpstream {
  const segments = mount.slice(1).split("/");
  const protocol = PROTOCOL.exec(segments[0] ?? "");
  if (protocol !== null) segments.shift();
  else if (!LOOKS_LIKE_HOST.test(segments[0] ?? "")) throw new GatewayError("not_found", { source: "client", message: `There is nothing at this path. Should it name an upstream: ${FORM}` });
  const [word, scheme = "https"] = protocol?.slice(1) ?? [];
  const host = segments.shift() ?? "";
  if (!HOST.test(host)) throw unreadable("has no host in the place of the host");
  const { base, model } = cutModel(segments, modelFollows);
  if (!base.every((segment) => BASE_SEGMENT.test(segment))) throw unreadable("has a base path that is no plain one");
  const baseUrl = [`${scheme.toLowerCase()}://${host.toLowerCase()}`, ...base].join("/");
  return { baseUrl, ...(word !== undefined && { word: word.toLowerCase() }), ...(model !== undefined && { model }) };
}

/** The model is the last segment, or everything behind the last `/-/`; nothing there: the request names it. */
function cutModel(segments: readonly string[], modelFollows: boolean): { readonly base: readonly string[]; readonly model?: string } {
  const mark = segments.lastIndexOf(MODEL_FOLLOWS);
  if (mark >= 0) {
    const name = segments.slice(mark + 1).join("/");
    return { base: segments.slice(0, mark), ...(name !== "" && { model: readModel(name) }) };
  }
  const last = segments.at(-1);
  if (last === undefined || VERSION.test(last)) {
    if (modelFollows) return { base: segments };
    throw unreadable("names no model");
  }
  return { base: segments.slice(0, -1), model: readModel(last) };
}

/** Decoded once, so that what was encoded twice keeps its percent signs. */
function readModel(text: string): string {
  let model: string;
  try {
    model = decodeURIComponent(text);
  } catch {
    throw unreadable("has a model whose percent signs spell nothing");
  }
  const isPlain = model.length <= MAX_MODEL_LENGTH && !CONTROL.test(model) && model.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  if (!isPlain) throw unreadable("has no model's name in the place of the model");
  return model;
}

function unreadable(problem: string): GatewayError {
  return new GatewayError("invalid_request", { source: "client", message: `The path ${problem}; ${FORM}` });
}
