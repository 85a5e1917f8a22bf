import { attachFiles, GatewayError, invalidRequest, type AttachedFile, type Json } from "@dragoman/core";

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

function parsePayload(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw invalidRequest("payload", `not valid JSON: ${(cause as Error).message}`);
  }
}

async function readFile(file: File): Promise<AttachedFile> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { name: file.name, mimeType: file.type.split(";", 1)[0] ?? "", bytes };
}
