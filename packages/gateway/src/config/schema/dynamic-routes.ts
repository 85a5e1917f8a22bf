import { z } from "zod";
import { flag, live, patterns } from "./fields.ts";

/** Upstreams that clients name in the path. */
export const dynamicRoutesShape = {
  "dynamic-routes": z.strictObject({
    enabled: flag(false).meta(live(
      "Take requests whose path names the upstream: `/https/HOST/PATH/MODEL/v1/messages`. The client's own key goes there; the keys of this gateway never do.", { pending: true },
    )),
    hosts: patterns.meta(live("Hosts that may be named: `host`, `host:port` or `*.domain`. None: every public one.", { pending: true })),
    "allow-http": flag(false).meta(live("Let paths name `http`, too. What is sent, the client's key included, can be read on the way.", { pending: true })),
    "private-hosts": patterns.meta(live("Hosts that may be named although they are on this machine or in its network, such as `localhost:11434`.", { pending: true })),
  }).prefault({}).meta(live("Upstreams that clients name in the path. Off: there are none.")),
};
