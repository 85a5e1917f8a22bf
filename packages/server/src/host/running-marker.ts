import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { foundMarkers, processName } from "../store/journal-directory.ts";

/** Says that a gateway works on this data directory. @returns takes it back */
export function markRunning(directory: string): () => void {
  const path = join(directory, `gateway-${processName()}.running`);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const { path: stale, inUse } of foundMarkers(directory)) if (!inUse) rmSync(stale, { force: true });
    writeFileSync(path, "", { mode: 0o600 });
  } catch {
    // On a read-only disk there is nothing that could be restored under our feet.
    return () => undefined;
  }
  return () => rmSync(path, { force: true });
}

/** Writes down where the gateway of this process listens, for commands that look for it. */
export function markAddress(directory: string, url: string): void {
  try {
    writeFileSync(join(directory, `gateway-${processName()}.running`), url, { mode: 0o600 });
  } catch {
    // Then its port is looked up in the configuration.
  }
}

/** Where gateways listen that work on this data directory, the one that was started last first. */
export function runningAddresses(directory: string): readonly string[] {
  return foundMarkers(directory).filter(({ inUse }) => inUse).flatMap(({ path }) => readMarker(path))
    .toSorted((a, b) => b.startedAt - a.startedAt).map(({ url }) => url);
}

export function isGatewayRunning(directory: string): boolean {
  return foundMarkers(directory).some(({ inUse }) => inUse);
}

/** None of a gateway that has ended meanwhile, or does not listen yet. */
function readMarker(path: string): readonly { readonly url: string; readonly startedAt: number }[] {
  try {
    const url = readFileSync(path, "utf8");
    return url === "" ? [] : [{ url, startedAt: statSync(path).mtimeMs }];
  } catch {
    return [];
  }
}
