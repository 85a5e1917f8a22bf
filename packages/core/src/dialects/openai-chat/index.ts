import type { Dialect } from "../dialect.ts";
import { openaiLimitHeaders } from "../../wire/limit-headers.ts";
import { decodeError } from "./decode-error.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { encodeError, encodeStreamError } from "./encode-error.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { CHAT, NAME_RULES, recognisesSeal, VENDOR } from "./identity.ts";
import { encodeModel, encodeModelList } from "./models.ts";
import { passthroughRequest, withoutSeals } from "./passthrough.ts";
import { reasoningMembers } from "./revise-body.ts";
import { createStreamDecoder } from "./stream-decoder.ts";
import { createStreamEncoder } from "./stream-encoder.ts";
import { ChatStreamTap, tapResponse } from "./stream-tap.ts";
import { usageWish } from "./usage-wish.ts";

/** OpenAI Chat Completions, and the many servers that speak it. */
export const openaiChat: Dialect = {
  id: CHAT,
  vendor: VENDOR,
  nameRules: NAME_RULES,
  recognisesSeal,

  decodeRequest,
  encodeResponse,
  createStreamEncoder,
  encodeError,
  encodeStreamError,
  encodeLimits: openaiLimitHeaders,

  encodeRequest,
  decodeResponse,
  createStreamDecoder,
  decodeError,

  passthroughRequest,
  reasoningMembers,
  withoutSeals,
  // Pictures go by their address; documents and sound only as data.
  wantsInline: ({ kind }) => kind === "file" || kind === "audio",
  usageWish,
  createStreamTap: () => new ChatStreamTap(),
  tapResponse,

  models: { encodeList: encodeModelList, encodeModel },
};

export { openaiCompletions } from "./completions.ts";
