export * from "./cut-at-stops.ts";
export * from "./estimate-usage.ts";
