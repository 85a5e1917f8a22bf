import { claudeProxy } from "./claude-proxy.ts";
import type { DropIn } from "./drop-in.ts";
import { infiniproxy } from "./infiniproxy.ts";

export type { DropIn, DropInSettings } from "./drop-in.ts";

/** The gateways whose place this one takes without a change of their settings. */
export const DROP_INS: readonly DropIn[] = [infiniproxy, claudeProxy];
