import { isJsonObject, type MutableJsonObject } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Dialect } from "../dialect.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeRequest } from "./encode-request.ts";
import { COUNT_PATH } from "./wire.ts";

/** What the counting endpoint takes; it refuses the rest (SDK 1.11 types and its beta, read 2026-11). */
const COUNTED = ["model", "messages", "system", "tools", "tool_choice", "thinking", "output_config", "cache_control", "speed", "mcp_servers"] as const;

export const counting: NonNullable<Dialect["counting"]> = {
  decodeCountRequest: decodeRequest,
  encodeCountRequest: (request, exchange) => {
    const { headers, body } = encodeRequest(request, exchange);
    const counted: MutableJsonObject = {};
    for (const key of COUNTED) if (body[key] !== undefined) counted[key] = body[key];
    return { path: COUNT_PATH, headers, body: counted };
  },
  decodeCount: (body) => {
    const inputTokens = isJsonObject(body) ? body.input_tokens : undefined;
    if (typeof inputTokens !== "number") throw new GatewayError("upstream_malformed", { source: "upstream", message: "The answer holds no count." });
    return { inputTokens };
  },
  encodeCount: ({ inputTokens }) => ({ input_tokens: inputTokens }),
};
