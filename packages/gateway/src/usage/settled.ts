import type { Ports } from "../ports.ts";

/** A database that is away must not keep those who ask waiting: they hear it from their own question. */
const PATIENCE_MS = 2000;

/** What this process has recorded so far is in the store by then, unless the store is slow. */
export async function settled({ usage }: Pick<Ports, "usage">): Promise<void> {
  if (usage.flush === undefined) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  try {
    await Promise.race([usage.flush(), late]);
  } finally {
    clearTimeout(timer);
  }
}
