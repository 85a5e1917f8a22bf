import type { GenerateRequest, Loss } from "../../canonical/index.ts";

interface Reporting {
  report(loss: Loss): void;
}

/** The first of the spellings that the caller used at the top of its body, else the first one. */
export function callerPath(request: GenerateRequest, ...spellings: readonly [string, ...string[]]): string {
  return spellings.find((name) => request.wire?.[name] !== undefined) ?? spellings[0];
}

/** Says that something was left out because this API has no word for it. */
export function reportDropped(reporting: Reporting, path: string, detail?: string): void {
  reporting.report({ code: "unsupported-parameter", path, action: "dropped", ...(detail !== undefined && { detail }) });
}
