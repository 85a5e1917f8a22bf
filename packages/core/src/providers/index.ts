import type { Provider } from "./define-provider.ts";

/** Every provider that is known by name; one line each. */
export const PROVIDERS: readonly Provider[] = [];
