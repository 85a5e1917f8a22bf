export * from "./call-ids.ts";
export * from "./tool-names.ts";
