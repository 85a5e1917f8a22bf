import { makeSecret } from "../../access/stored-key.ts";
import { defineDesk, OfficeError, storeOf, type Desk, type Office } from "../office.ts";
import { csvLine } from "../own/usage/csv.ts";
import { infiniproxyOperations } from "./contract.ts";
import { inputsOf } from "./inputs.ts";
import { addUser } from "./people.ts";

/** What stands in place of a key where no user was made. */
const FAILED = "user_creation_failed";
const FIRST_KEY = "Default Key";

/** Many users at once. The reply is the only place in which their keys stand. */
export const batchDesks: readonly Desk[] = [
  defineDesk(infiniproxyOperations.addUsers, async ({ request, office, note }) => {
    const inputs = await inputsOf(request);
    const rows = readRows(inputs.text("csv_file") ?? inputs.text("csv_text") ?? "");
    if (rows.length === 0) throw new OfficeError(400, "csv_file or csv_text is required, with lines of username,email");
    let csv = csvLine(["username", "email", "api_key"]);
    const made: string[] = [];
    for (const { username, email } of rows) {
      const key = await makeUser(office, username, email);
      if (key !== undefined) made.push(username);
      csv += csvLine([username, email, key ?? FAILED]);
    }
    await office.engine.guard.reload();
    note(undefined, { usernames: made });
    return new Response(csv, { headers: { "content-type": "text/csv; charset=utf-8", "content-disposition": 'attachment; filename="users_with_keys.csv"' } });
  }),
];

/** @returns the key; `undefined` when the name is no name or taken */
async function makeUser(office: Office, username: string, email: string): Promise<string | undefined> {
  const { ports } = office.engine;
  try {
    const user = await addUser(office, username === "" ? undefined : username, email === "" ? undefined : email);
    const { key, ...kept } = makeSecret(ports.ids, ports.secretKey);
    await storeOf(office).keys.create({ userId: user.id, name: FIRST_KEY, ...kept }, ports.clock.now());
    return key;
  } catch (thrown) {
    if (thrown instanceof OfficeError) return undefined;
    throw thrown;
  }
}

interface Row {
  readonly username: string;
  readonly email: string;
}

/** Lines without a header; cells may stand in quotes. Empty lines are passed over. */
function readRows(text: string): Row[] {
  return text.replace(/^\uFEFF/, "").split(/\r?\n/).filter((line) => line.trim() !== "").map((line) => {
    const [username = "", email = ""] = cellsOf(line);
    return { username, email };
  });
}

function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain = ""]) => (quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"').trim()));
}
