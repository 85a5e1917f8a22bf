import { claudeProxy } from "./claude-proxy.ts";
import type { DropIn } from "./drop-in.ts";
import { droid2api } from "./droid2api.ts";
import { factoryProxy } from "./factory-proxy.ts";
import { infiniproxy } from "./infiniproxy.ts";

export type { DropIn, DropInSettings } from "./drop-in.ts";
export { settingsOf } from "./take-drop-ins.ts";

/** The gateways whose place this one takes without a change of their settings. */
export const DROP_INS: readonly DropIn[] = [droid2api, factoryProxy, infiniproxy, claudeProxy];
