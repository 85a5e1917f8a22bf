import type { ClientKey, Limits, User } from "@dragoman/gateway";
import type { Act, Script } from "@dragoman/gateway/testing";
import type { OfficeOptions } from "../kit/office.ts";
import { startUsageWorld, type UsageWorld } from "../usage/usage-world.ts";

/** What the simulated models use for each answer: 30 input and 70 output tokens. */
export const ANSWER: Act = { text: "as you wish", usage: { input: 30, output: 70 } };
export const ANSWER_TOKENS = 100;

export interface MadeKey {
  readonly key: string;
  readonly view: ClientKey & { readonly budgets: readonly Record<string, unknown>[]; readonly username?: string };
}

export interface AccessWorld extends UsageWorld {
  makeKey(wish?: Record<string, unknown>): Promise<MadeKey>;
  makeUser(username: string, limits?: Limits): Promise<User>;
}

export async function startAccessWorld(script: Script = () => ANSWER, more: Record<string, unknown> = {}, options: OfficeOptions = {}): Promise<AccessWorld> {
  const world = await startUsageWorld(script, more, options);
  const made = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await world.call("POST", path, { body });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  return {
    ...world,
    makeKey: async (wish = {}) => (await made("/keys", wish)) as MadeKey,
    makeUser: async (username, limits = {}) => (await made("/users", { username, limits })) as User,
  };
}

/** Tokens and money that the ledger holds for a key. */
export async function spentBy(world: Pick<AccessWorld, "store" | "gateway">, keyId: number): Promise<{ readonly requests: number; readonly tokens: number; readonly usd: number }> {
  await world.gateway.engine.ports.usage.flush?.();
  const [sums] = await world.store.usage.group({ keyIds: [keyId], groupBy: [] });
  return { requests: sums?.requests ?? 0, tokens: sums?.totalTokens ?? 0, usd: (sums?.costNanoUsd ?? 0) / 1e9 };
}
