import { mkdirSync, rmSync, writeFileSync } from "node:fs";
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

export function isGatewayRunning(directory: string): boolean {
  return foundMarkers(directory).some(({ inUse }) => inUse);
}
