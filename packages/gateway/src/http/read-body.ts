import { GatewayError } from "@dragoman/core";

const COMPRESSIONS: ReadonlySet<string> = new Set(["gzip", "deflate"]);

/**
 * Reads a request's body as text, compressed or not.
 * @throws GatewayError `request_too_large` as soon as there is more than `maxBytes`, `unsupported_media_type`
 */
export async function readBody(request: Request, maxBytes: number): Promise<string> {
  const declared = Number(request.headers.get("content-length") ?? Number.NaN);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  const encoding = request.headers.get("content-encoding")?.toLowerCase() ?? "identity";
  if (encoding === "identity" || encoding === "") {
    return Number.isFinite(declared) ? request.text() : readLimited(request.body, maxBytes);
  }
  if (!COMPRESSIONS.has(encoding)) throw new GatewayError("unsupported_media_type", { source: "client", message: `content-encoding ${encoding} is not understood; send gzip, deflate or none` });
  try {
    return await readLimited(request.body?.pipeThrough(new DecompressionStream(encoding as CompressionFormat) as never) ?? null, maxBytes);
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    throw new GatewayError("invalid_request", { source: "client", message: `The body could not be unpacked as ${encoding}.`, cause });
  }
}

/** A body as text. Leaving the loop hangs up. @throws GatewayError `request_too_large` as soon as there is more than `maxBytes` */
export async function readLimited(body: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<string> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(maxBytes);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError("request_too_large", { source: "client", message: `The body is larger than ${maxBytes} bytes.` });
}
