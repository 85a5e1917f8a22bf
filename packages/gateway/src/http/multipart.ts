import { attachFiles, GatewayError, invalidRequest, isJsonObject, parseJson, type AttachedFile, type Json, type JsonObject } from "@dragoman/core";
import { toBase64 } from "../media/base64.ts";

/**
 * Reads a form with one `payload` field (the JSON body as text) and any number of files, which join the last user
 * message.
 * @throws GatewayError with the field at fault
 */
export async function readMultipart(request: Request, maxBytes: number): Promise<Json> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw new GatewayError("request_too_large", { source: "client", message: `The body is larger than ${maxBytes} bytes.` });
  const form = await readForm(request);
  const payloads = form.getAll("payload");
  const payload = payloads[0];
  if (payloads.length !== 1 || payload === undefined) throw invalidRequest("payload", "a form needs exactly one payload field, with the request as JSON text");
  const body = parsePayload(typeof payload === "string" ? payload : await (payload as Blob).text());
  const files: AttachedFile[] = [];
  let size = 0;
  for (const [name, value] of form.entries()) {
    if (name === "payload" || typeof value === "string") continue;
    size += (value as File).size;
    if (size > maxBytes) throw new GatewayError("request_too_large", { source: "client", message: `The files are larger than ${maxBytes} bytes.` });
    files.push(await readFile(value as File));
  }
  return attachFiles(body, files);
}

async function readForm(request: Request): Promise<FormData> {
  try {
    return (await request.formData()) as unknown as FormData;
  } catch (cause) {
    throw new GatewayError("invalid_request", { source: "client", message: "The form could not be read; check the boundary.", cause });
  }
}

function parsePayload(text: string): JsonObject {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw invalidRequest("payload", `not valid JSON: ${(cause as Error).message}`);
  }
  if (!isJsonObject(value)) throw invalidRequest("payload", "expected a JSON object");
  return value;
}

/** Types that are never read as text, even where their bytes would pass for it. */
const BINARY = /^(image|audio|video)\/(?!svg)|^application\/pdf$/;

async function readFile(file: File): Promise<AttachedFile> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const mimeType = file.type.split(";", 1)[0] ?? "";
  const text = BINARY.test(mimeType) ? undefined : asText(bytes);
  return text === undefined ? { name: file.name, mimeType: mimeType || "application/octet-stream", base64: toBase64(bytes) } : { name: file.name, mimeType, text };
}

/** `undefined` when the bytes are not UTF-8. */
function asText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
