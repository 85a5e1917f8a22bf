// Where the program of the npm package begins: as in a clone, but with the web interface in one file beside it.
import { dirname, join } from "node:path";
import { embedAdmin } from "../../packages/server/src/admin/embedded.ts";

embedAdmin(join(dirname(Bun.main), "admin.pack"));
void import("../../packages/server/src/cli/main.ts");
