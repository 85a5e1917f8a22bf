import { z } from "zod";
import { flag, live, patterns } from "./fields.ts";

/** Upstreams that clients name in the path. */
export const dynamicRoutesShape = {
  "dynamic-routes": z.strictObject({
    enabled: flag(false).meta(live(
      "Take requests whose path names the upstream: `/https/HOST/PATH/MODEL/v1/messages`. The client's own key goes there; the keys of this gateway never do, and where it asks for one, clients show it as `x-dragoman-key`.",
    )),
    hosts: patterns.meta(live("Hosts that may be named: `host`, `host:port` or `*.domain`. None: every public one.")),
    "allow-http": flag(false).meta(live("Let paths name `http`, too, not just for `private-hosts`. What is sent, the client's key included, can be read on the way.")),
    "private-hosts": patterns.meta(live("Hosts that may be named although they are on this machine or in its network, such as `localhost:11434`. They may be asked by `http`, and without a key.")),
  }).prefault({}).meta(live("Upstreams that clients name in the path. Off: there are none.")),
};
