import { isJsonObject, type WireRequest } from "@dragoman/core";
import { SealBook, SIMULATED } from "@dragoman/gateway/testing";

/** Believes every seal: for cases in which seals are not the question. */
class TrustingSealBook extends SealBook {
  override verify(seal: unknown): boolean {
    return typeof seal === "string" && seal !== "";
  }

  override knows(seal: unknown): boolean {
    return this.verify(seal);
  }
}

/** What the strict provider of this dialect would refuse. */
export function violationsOf(dialect: string, request: WireRequest, tolerated: readonly string[] = [], seals?: SealBook): readonly string[] {
  const simulated = SIMULATED.find((candidate) => candidate.dialect.id === dialect);
  if (simulated === undefined || !isJsonObject(request.body)) return [];
  const headers = new Headers({ ...request.headers });
  const question = simulated.dialect.read(request.path, new URLSearchParams({ ...request.query }), headers, request.body);
  if (question === undefined) return [`the provider has no path ${request.path} for this request`];
  return simulated.dialect.check(request.body, question, seals ?? new TrustingSealBook(simulated.vendor))
    .map(({ path, message }) => `${path}: ${message}`)
    .filter((text) => !tolerated.some((piece) => text.includes(piece)));
}
