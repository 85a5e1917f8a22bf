import type { Dialect } from "../dialect.ts";
import { decodeCount, decodeCountRequest, encodeCount, encodeCountRequest } from "./counting.ts";
import { decodeError } from "./decode-error.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { encodeError, encodeStreamError } from "./encode-error.ts";
import { wantsInline } from "./encode-media.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { encodeList, encodeModel } from "./models.ts";
import { nameRules } from "./name-rules.ts";
import { passthroughRequest, reasoningMembers, withoutSeals } from "./passthrough.ts";
import { recognisesSeal } from "./seals.ts";
import { createStreamDecoder } from "./stream-decoder.ts";
import { createStreamEncoder } from "./stream-encoder.ts";
import { createStreamTap, tapResponse } from "./stream-tap.ts";
import { DIALECT_ID, VENDOR } from "./wire.ts";

export { geminiCodeAssist } from "./envelope.ts";

/** Google's generateContent, as AI Studio and Vertex serve it. */
export const geminiGenerateContent: Dialect = {
  id: DIALECT_ID,
  vendor: VENDOR,
  telemetryOperation: "generate_content",
  nameRules,
  recognisesSeal,
  decodeRequest,
  encodeResponse,
  createStreamEncoder,
  encodeError,
  encodeStreamError,
  encodeRequest,
  decodeResponse,
  createStreamDecoder,
  decodeError,
  passthroughRequest,
  reasoningMembers,
  withoutSeals,
  wantsInline,
  createStreamTap,
  tapResponse,
  models: { encodeList, encodeModel },
  counting: { encodeCountRequest, decodeCount, encodeCount, decodeCountRequest },
};
