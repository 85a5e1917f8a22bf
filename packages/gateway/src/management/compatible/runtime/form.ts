import { OfficeError } from "../../office.ts";

export interface FormPart {
  readonly field: string;
  readonly file?: File;
  readonly text?: string;
}

/** The parts of a form, in their order. @throws OfficeError 400 */
export async function readForm(request: Request): Promise<readonly FormPart[]> {
  try {
    const form = (await request.formData()) as unknown as Iterable<[string, string | File]>;
    return [...form].map(([field, value]) => (typeof value === "string" ? { field, text: value } : { field, file: value }));
  } catch {
    throw new OfficeError(400, "invalid body");
  }
}
