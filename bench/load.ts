/** One kind of request, and how to tell that its answer is whole. */
export interface Shot {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Found in every whole answer. */
  readonly proof: string;
}

export interface LoadResult {
  readonly requests: number;
  readonly failures: number;
  /** Sorted, ms. */
  readonly latenciesMs: readonly number[];
  /** Until the first byte of the body; sorted, ms. */
  readonly firstByteMs: readonly number[];
  readonly seconds: number;
}

/** Fires `requests` shots from `concurrency` workers, each waiting for its answer. */
export async function fire(shot: Shot, requests: number, concurrency: number): Promise<LoadResult> {
  const latencies: number[] = [];
  const firstBytes: number[] = [];
  let left = requests;
  let failures = 0;
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: concurrency }, async () => {
    while (left-- > 0) {
      const at = performance.now();
      const outcome = await shoot(shot, at).catch(() => undefined);
      if (outcome === undefined) failures += 1;
      else {
        latencies.push(outcome.totalMs);
        firstBytes.push(outcome.firstMs);
      }
    }
  }));
  const ascending = (a: number, b: number): number => a - b;
  return { requests, failures, latenciesMs: latencies.toSorted(ascending), firstByteMs: firstBytes.toSorted(ascending), seconds: (performance.now() - startedAt) / 1000 };
}

async function shoot(shot: Shot, at: number): Promise<{ totalMs: number; firstMs: number } | undefined> {
  const response = await fetch(shot.url, { method: "POST", headers: { ...shot.headers }, body: shot.body });
  if (!response.ok || response.body === null) return undefined;
  const reader = response.body.getReader();
  const first = await reader.read();
  const firstMs = performance.now() - at;
  const decoder = new TextDecoder();
  let tail = first.value === undefined ? "" : decoder.decode(first.value, { stream: true });
  let found = tail.includes(shot.proof);
  for (let read = first; !read.done; read = await reader.read()) {
    if (read === first || read.value === undefined) continue;
    tail = tail.slice(-shot.proof.length) + decoder.decode(read.value, { stream: true });
    found ||= tail.includes(shot.proof);
  }
  return found ? { totalMs: performance.now() - at, firstMs } : undefined;
}

export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
