// Develops the pages without a gateway: `node scripts/bun.js --conditions=@dragoman/source packages/admin/dev.ts`
// serves the built page and an office in memory, with the headers of the real one. PORT chooses the port.
import { configJsonSchema } from "../gateway/src/index.ts";
import { serveFakeOffice } from "./src/testing/serve-fake-office.ts";

const server = await serveFakeOffice({ configSchema: configJsonSchema({ annotated: true }), port: Number(process.env.PORT ?? 8399) });
console.log(`${server.url}/admin/`);
