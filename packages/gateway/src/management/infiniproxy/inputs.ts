import { OfficeError } from "../office.ts";

/** Parameters of a request, wherever they stand: the query string wins, then the body. */
export interface Inputs {
  /** `undefined`: absent or empty. */
  text(name: string): string | undefined;
}

/**
 * Reads the query string, and a body that is JSON or a form. A file counts as its text.
 * @throws OfficeError 400 when the body is not what its header says
 */
export async function inputsOf(request: Request): Promise<Inputs> {
  const query = new URL(request.url).searchParams;
  const body = await bodyOf(request);
  return {
    text(name) {
      const value = (query.get(name) ?? body.get(name) ?? "").trim();
      return value === "" ? undefined : value;
    },
  };
}

async function bodyOf(request: Request): Promise<Map<string, string>> {
  const fields = new Map<string, string>();
  if (request.body === null) return fields;
  const type = request.headers.get("content-type") ?? "";
  if (/form-data|x-www-form-urlencoded/i.test(type)) {
    const form = await request.formData().catch(() => refuse("The form could not be read."));
    for (const [name, value] of (form as unknown as FormData).entries()) fields.set(name, typeof value === "string" ? value : await (value as Blob).text());
    return fields;
  }
  const text = await request.text();
  if (text.trim() === "") return fields;
  const value = parsed(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse("The body must be a JSON object or a form.");
  for (const [name, member] of Object.entries(value)) if (typeof member === "string" || typeof member === "number") fields.set(name, String(member));
  return fields;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse("The body is not valid JSON.");
  }
}

function refuse(message: string): never {
  throw new OfficeError(400, message);
}
