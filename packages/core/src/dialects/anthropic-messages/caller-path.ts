import { isJsonObject, type GenerateRequest, type Json } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";

/** The first of several spellings that the caller's body has, so that a loss names what the caller wrote. */
export function callerPath(request: GenerateRequest, spellings: readonly string[]): string {
  return spellings.find((path) => isIn(request.wire, path)) ?? spellings[0] ?? "";
}

function isIn(body: Json | undefined, path: string): boolean {
  let node = body;
  for (const key of path.split(".")) {
    if (!isJsonObject(node)) return false;
    node = node[key];
  }
  return node !== undefined && node !== null;
}

/** Leaving the parameter out would change what the caller asked for. */
export function unsupportedParameter(path: string, message: string): GatewayError {
  return new GatewayError("unsupported_parameter", { message: `${path}: ${message}`, path, source: "client" });
}
