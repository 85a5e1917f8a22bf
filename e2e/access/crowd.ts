/** Holds answers back until so many requests have either arrived or been refused: then all of them are under way at once. */
export interface Gate {
  /** Of a request that arrived at the provider; resolves when all are decided. */
  pass(): Promise<void>;
  refused(): void;
  /** Resolves when so many have arrived. */
  arrived(count: number): Promise<void>;
}

export function openGate(requests: number): Gate {
  let decided = 0;
  let arrivals = 0;
  const waiting: { readonly count: number; readonly done: () => void }[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const decide = (): void => {
    if (++decided >= requests) resolve();
  };
  return {
    pass() {
      arrivals++;
      for (const { count, done } of waiting) if (arrivals >= count) done();
      decide();
      return promise;
    },
    refused: decide,
    arrived: (count) => (arrivals >= count ? Promise.resolve() : new Promise((done) => waiting.push({ count, done }))),
  };
}
