import { VERSION } from "@dragoman/gateway";

/** The Cloudflare host. */
export default {
  fetch(): Response {
    return Response.json({ name: "Dragoman", version: VERSION });
  },
};
