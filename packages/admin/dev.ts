// Develops the pages without a gateway: `node scripts/bun.js --conditions=@dragoman/source packages/admin/dev.ts`
// serves the built page and an office in memory, with the headers of the real one. PORT chooses the port.
import configSchema from "../../config.schema.json";
import { serveFakeOffice } from "./src/testing/serve-fake-office.ts";

const server = await serveFakeOffice({ configSchema: configSchema as never, port: Number(process.env.PORT ?? 8399) });
console.log(`${server.url}/admin/`);
