const MINUTE = 60_000;

export interface Audit {
  write(action: string, target: string | undefined, details?: Readonly<Record<string, unknown>>): void;
  readonly handlers: Readonly<Record<string, unknown>>;
}

interface Entry {
  readonly id: number;
  readonly at: number;
  readonly actor: string;
  readonly address?: string;
  readonly action: string;
  readonly target?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What was changed, and a past of its own. */
export function makeAudit(now: number, clock: () => number): Audit {
  const past: readonly (readonly [minutesAgo: number, actor: string, action: string, target?: string, details?: Readonly<Record<string, unknown>>])[] = [
    [9_000, "setup", "setup.begun"], [8_990, "session", "user.created", "user:1 research"], [8_985, "session", "key.created", "key:1 notebooks", { userId: 1 }],
    [5_300, "management-key", "config.changed", "config.yaml", { changes: ["request-retry: 0 → 2", "routing.strategy: round-robin → fill-first"] }],
    [4_100, "session", "credential.switched", "b80e64d1f3927ac5", { disabled: true }], [2_900, "session", "key.rotated", "key:4 ci"],
    [1_450, "session", "user.changed", "user:2 docs-team", { fields: ["limits"] }], [700, "session", "capture.switched", undefined, { enabled: true, minutes: 15 }],
    [120, "session", "key.changed", "key:2 evaluation", { fields: ["models", "limits"] }], [35, "management-key", "request.replayed", "5b2a91cf", { model: "gpt-5" }],
  ];
  const entries: Entry[] = past.map(([minutes, actor, action, target, details], place) => ({
    id: place + 1, at: now - minutes * MINUTE, actor, address: actor === "setup" ? "127.0.0.1" : "10.0.4.12", action, ...(target !== undefined && { target }), ...(details !== undefined && { details }),
  }));
  return {
    write: (action, target, details) => void entries.push({ id: entries.length + 1, at: clock(), actor: "session", address: "127.0.0.1", action, ...(target !== undefined && { target }), ...(details !== undefined && { details }) }),
    handlers: {
      audit: ({ query }: { query: { limit: number; before?: number; action?: string } }) => {
        const matching = entries.filter(({ id, action }) => (query.before === undefined || id < query.before) && (query.action === undefined || action === query.action)).reverse();
        const page = matching.slice(0, query.limit);
        return { entries: page, ...(matching.length > page.length && { nextBefore: page.at(-1)?.id }) };
      },
    },
  };
}
