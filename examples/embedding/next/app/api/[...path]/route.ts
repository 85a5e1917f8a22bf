// Next: one route handler for every path below `/api`. The instance lives as long as the server's process does.
import { openGateway } from "../../../../gateway.ts";

const gateway = openGateway("/api");

const handle = (request: Request): Promise<Response> => gateway.fetch(request);

export { handle as DELETE, handle as GET, handle as OPTIONS, handle as POST };

/** Answers are made for one caller each. */
export const dynamic = "force-dynamic";

/** Seconds, for hosts that set a limit. */
export const maxDuration = 300;
