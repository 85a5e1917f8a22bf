import { z } from "zod";
import { count, flag, live } from "./fields.ts";

/** Pictures and documents that clients name by their address, for models that take them only inline. */
export const remoteMediaShape = {
  "remote-media": z.strictObject({
    fetch: flag(true).meta(live("Fetch them. Off: such a request is refused, with the field's path.")),
    "max-bytes": count(20 * 1024 * 1024, 1).meta(live("Largest size of all that one request may have fetched, in bytes.")),
    "allow-hosts": z.array(z.string().trim().min(1)).default([]).meta(live(
      "Hosts that may be fetched from although they are not on the public internet: `host`, `host:port` or `*.domain`.",
    )),
  }).prefault({}).meta(live("Addresses of pictures and documents in requests.")),
};
