export * from "./codes.ts";
export * from "./decode-error-body.ts";
export * from "./gateway-error.ts";
export * from "./retry-after.ts";
