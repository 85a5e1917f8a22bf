export { createGateway, type Gateway, type GatewayOptions } from "./gateway.ts";
export * from "./config/index.ts";
export { editDistance } from "./edit-distance.ts";
export * from "./ports.ts";
export type { Transcript, TranscriptStore } from "./responses/transcript-store.ts";
export type { DiscoveredUpstream } from "./routing/create-switchboard.ts";
export type { AttemptRecord } from "./usage/attempt-record.ts";
export { VERSION } from "./version.ts";
