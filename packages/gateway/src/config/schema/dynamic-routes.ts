import { z } from "zod";
import { flag, live } from "./fields.ts";

/** An address would match nothing, and so shut everybody out without a word. */
const hosts = z.array(z.string().trim().regex(/^(\*\.)?[\w.-]+(:\d+)?$|^\[[\da-fA-F:.]+\](:\d+)?$/, "expected host, host:port or *.domain, without https:// and path")).default([]);

/** Upstreams that clients name in the path. */
export const dynamicRoutesShape = {
  "dynamic-routes": z.strictObject({
    enabled: flag(false).meta(live(
      "Take requests whose path names the upstream: `/https/HOST/PATH/MODEL/v1/messages`. The client's own key goes there; the keys of this gateway never do, and where it asks for one, clients show it as `x-dragoman-key`.",
    )),
    hosts: hosts.meta(live("Hosts that may be named: `host`, `host:port` or `*.domain`. None: every public one.")),
    "allow-http": flag(false).meta(live("Let paths name `http`, too, not just for `private-hosts`. What is sent, the client's key included, can be read on the way.")),
    "private-hosts": hosts.meta(live("Hosts that may be named although they are on this machine or in its network, such as `localhost:11434`. They may be asked by `http`, and without a key.")),
  }).prefault({}).meta(live("Upstreams that clients name in the path. Off: there are none.")),
};
