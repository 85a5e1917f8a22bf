import type { AccountEnd, FailureKind } from "@dragoman/core";
import { z } from "zod";
import { isFailureKind } from "./cooldown.ts";

/** Where pauses of credentials outlive the process. Without one they end with it. */
export interface CooldownStore {
  /** What was written last, as it was written; `undefined` when there is nothing, or nothing that can be read. */
  load(): unknown;
  /** Something has changed. The host asks for the whole when it writes, soon, and does not write for every change. */
  changed(state: () => KeptState): void;
}

export interface KeptState {
  readonly version: 1;
  readonly cooldowns: readonly KeptCooldown[];
  readonly ends: readonly KeptEnd[];
}

/** A pause of a credential. Times are epoch ms. */
export interface KeptCooldown {
  readonly credential: string;
  /** The upstream's name for it; `*`: every model. */
  readonly model: string;
  readonly sinceAt: number;
  readonly untilAt: number;
  readonly vendorUntilAt: number;
  readonly level: number;
  readonly vendorAsked: boolean;
  readonly suspends: boolean;
  readonly reason?: FailureKind | undefined;
}

/** An account that was over, as long as its file says the same. */
export interface KeptEnd {
  readonly file: string;
  readonly type: AccountEnd;
  readonly message: string;
  /** Epoch ms. */
  readonly since: number;
  /** SHA-256 of the file's content. */
  readonly content: string;
}

const time = z.number().min(0);

const keptCooldown = z.object({
  credential: z.string(), model: z.string(), sinceAt: time, untilAt: time, vendorUntilAt: time, level: z.int().min(0), vendorAsked: z.boolean(), suspends: z.boolean(),
  reason: z.custom<FailureKind>(isFailureKind).optional(),
});

const keptEnd = z.object({ file: z.string(), type: z.enum(["revoked", "banned", "out-of-credit"]), message: z.string(), since: time, content: z.string() });

const keptState = z.object({ version: z.literal(1), cooldowns: z.array(keptCooldown), ends: z.array(keptEnd) });

/** `undefined`: it was not written by this program, or is damaged. */
export function readKeptState(value: unknown): KeptState | undefined {
  const parsed = keptState.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
