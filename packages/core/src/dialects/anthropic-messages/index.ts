import type { Dialect } from "../dialect.ts";
import { anthropicLimitHeaders } from "../../wire/limit-headers.ts";
import { counting } from "./count-tokens.ts";
import { decodeError } from "./decode-error.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { encodeError, encodeStreamError } from "./encode-error.ts";
import { reasoningMembers } from "./encode-own-request.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { encodeModel, encodeModelList } from "./models.ts";
import { passthroughRequest, tapResponse } from "./passthrough.ts";
import { recognisesSeal } from "./seals.ts";
import { AnthropicStreamDecoder } from "./stream-decoder.ts";
import { AnthropicStreamEncoder } from "./stream-encoder.ts";
import { AnthropicStreamTap } from "./stream-tap.ts";
import { DIALECT_ID, NAME_RULES, VENDOR } from "./wire.ts";
import { withoutSeals } from "./without-seals.ts";

/** Anthropic's Messages API, as Claude Code and the Anthropic SDKs speak it. */
export const anthropicMessages: Dialect = {
  id: DIALECT_ID,
  vendor: VENDOR,
  nameRules: NAME_RULES,
  recognisesSeal,

  decodeRequest,
  encodeResponse,
  createStreamEncoder: (exchange, write) => new AnthropicStreamEncoder(exchange, write),
  encodeError,
  encodeStreamError,
  encodeLimits: anthropicLimitHeaders,

  encodeRequest,
  decodeResponse,
  createStreamDecoder: (exchange, emit) => new AnthropicStreamDecoder(exchange, emit),
  decodeError,

  passthroughRequest,
  reasoningMembers,
  withoutSeals,
  createStreamTap: () => new AnthropicStreamTap(),
  tapResponse,
  counting,
  models: { encodeList: encodeModelList, encodeModel },
};
