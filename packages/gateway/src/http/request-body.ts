import { GatewayError, parseJson, type Json } from "@dragoman/core";
import { readBody } from "./read-body.ts";
import { readMultipart } from "./multipart.ts";

/** A request's body, as text and as value. @throws GatewayError `invalid_json`, `unsupported_media_type`, `request_too_large` */
export async function readRequestBody(request: Request, maxBytes: number): Promise<{ text: string; value: Json }> {
  const type = request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type === "multipart/form-data") {
    const value = await readMultipart(request, maxBytes);
    return { text: JSON.stringify(value), value };
  }
  if (type !== "" && type !== "application/json" && !type.endsWith("+json") && type !== "text/plain") {
    throw new GatewayError("unsupported_media_type", { source: "client", message: `content-type ${type} is not understood here; send application/json` });
  }
  const text = await readBody(request, maxBytes);
  if (text === "") throw new GatewayError("invalid_json", { source: "client", message: "The body is empty; a JSON object is expected." });
  try {
    return { text, value: parseJson(text) as Json };
  } catch (cause) {
    throw new GatewayError("invalid_json", { source: "client", message: `The body is not valid JSON: ${(cause as Error).message}` });
  }
}
