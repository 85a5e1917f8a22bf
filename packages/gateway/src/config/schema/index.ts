import { z } from "zod";
import { accessShape } from "./access.ts";
import { accountsShape } from "./accounts.ts";
import { discoveryShape } from "./discovery.ts";
import { dynamicRoutesShape } from "./dynamic-routes.ts";
import { loggingShape } from "./logging.ts";
import { observeShape } from "./observe.ts";
import { oauthShape } from "./oauth.ts";
import { payloadShape } from "./payload.ts";
import { pricesShape } from "./prices.ts";
import { providerEntriesShape } from "./provider-entry.ts";
import { remoteMediaShape } from "./remote-media.ts";
import { serverShape } from "./server.ts";
import { storeShape } from "./store.ts";
import { translationShape } from "./translation.ts";
import { upstreamShape } from "./upstream.ts";

/** The sections in the order of the documentation. */
export const SECTIONS = [
  { title: "Server", shape: serverShape },
  { title: "Access", shape: accessShape },
  { title: "Logging and statistics", shape: loggingShape },
  { title: "Store", shape: storeShape },
  { title: "Prices", shape: pricesShape },
  { title: "Observation", shape: observeShape },
  { title: "Upstream behaviour", shape: upstreamShape },
  { title: "Providers", shape: providerEntriesShape },
  { title: "Discovery", shape: discoveryShape },
  { title: "Upstreams named by clients", shape: dynamicRoutesShape },
  { title: "Translation", shape: { ...translationShape, ...remoteMediaShape } },
  { title: "Stored logins", shape: { ...accountsShape, ...oauthShape } },
  { title: "Payload rules", shape: payloadShape },
] as const;

/** The one description of a configuration file. Everything else about it is made from here. */
export const configSchema = z.strictObject({
  ...serverShape,
  ...accessShape,
  ...loggingShape,
  ...observeShape,
  ...storeShape,
  ...pricesShape,
  ...upstreamShape,
  ...providerEntriesShape,
  ...discoveryShape,
  ...dynamicRoutesShape,
  ...translationShape,
  ...remoteMediaShape,
  ...accountsShape,
  ...oauthShape,
  ...payloadShape,
});

export type Config = z.infer<typeof configSchema>;
/** What a file may say: everything that has a default may be left out. */
export type ConfigInput = z.input<typeof configSchema>;
