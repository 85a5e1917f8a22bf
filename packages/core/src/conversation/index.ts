export * from "./arrange.ts";
