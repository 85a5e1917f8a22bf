/** A stretch of time in which an account may use so much, as its vendor tells it. */
export interface QuotaWindow {
  /** For people: `5 hours`, `week`, `week (opus)`, `requests today`. */
  readonly name: string;
  /** 0 to 1, perhaps beyond; absent: not told. */
  readonly usedShare?: number;
  /** Epoch ms at which it begins anew. */
  readonly resetsAt?: number;
  /** The vendor refuses requests that count here. */
  readonly exhausted?: boolean;
  /** It counts for these models only; absent: for all. */
  readonly model?: string;
}
