/** An answer other than the good one, in the management API's shape. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(typeof body === "string" ? body : String(status));
    this.status = status;
    this.body = typeof body === "string" ? { error: body } : body;
  }
}
