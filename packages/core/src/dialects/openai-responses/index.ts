import type { Dialect } from "../dialect.ts";
import { openaiLimitHeaders } from "../../wire/limit-headers.ts";
import { counting } from "./counting.ts";
import { decodeError } from "./decode-error.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { DIALECT, NAME_RULES, recognisesSeal, VENDOR } from "./dialect-id.ts";
import { encodeError, encodeStreamError } from "./encode-error.ts";
import { reasoningMembers } from "./encode-own-request.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { passthroughRequest } from "./passthrough.ts";
import { ResponsesStreamDecoder } from "./stream-decoder.ts";
import { ResponsesStreamEncoder } from "./stream-encoder.ts";
import { createStreamTap, tapResponse } from "./stream-tap.ts";
import { transcripts } from "./transcripts.ts";
import { withoutSeals } from "./without-seals.ts";

/** OpenAI's Responses API. */
export const openaiResponses: Dialect = {
  id: DIALECT,
  vendor: VENDOR,
  nameRules: NAME_RULES,
  recognisesSeal,

  decodeRequest,
  encodeResponse,
  createStreamEncoder: (exchange, write) => new ResponsesStreamEncoder(exchange, write),
  encodeError,
  encodeStreamError,
  encodeLimits: openaiLimitHeaders,

  encodeRequest,
  decodeResponse,
  createStreamDecoder: (exchange, emit) => new ResponsesStreamDecoder(exchange, emit),
  decodeError,

  passthroughRequest,
  reasoningMembers,
  withoutSeals,
  createStreamTap,
  tapResponse,
  transcripts,
  counting,
};
