/** What the server refused, and why. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** 0: the server could not be reached. */
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, message: string, body?: unknown) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

/** The sentence of a refusal: the office says `{"error": "…"}` or `{"error": {"message": "…"}}`, some add `message`. */
export function messageOf(body: unknown, status: number): string {
  if (typeof body === "object" && body !== null) {
    const { error, message } = body as { error?: unknown; message?: unknown };
    if (typeof message === "string") return message;
    if (typeof error === "string") return error;
    if (typeof error === "object" && error !== null && typeof (error as { message?: unknown }).message === "string") return (error as { message: string }).message;
  }
  return typeof body === "string" && body !== "" && body.length < 300 ? body : `HTTP ${status}`;
}
