import { z } from "zod";
import { limit, live, restart } from "./fields.ts";

/** Where users, keys and usage are kept, and for how long. */
export const storeShape = {
  store: z.strictObject({
    url: z.string().trim().regex(/^$|^postgres(ql)?:\/\/\S+$/i, "expected a postgres:// address").default("").meta(restart(
      "PostgreSQL database, as `postgres://user:password@host:5432/name`; the variable `DATABASE_URL` comes first. Empty: SQLite, the file `dragoman.db` in the data directory.", { secret: "userinfo" },
    )),
  }).prefault({}).meta(restart("Where users, keys and usage are kept.")),
  usage: z.strictObject({
    "record-days": limit(90).meta(live("How many days single attempts are kept. 0: for ever.")),
    "sum-days": limit(0).meta(live("How many days the sums by hour and day are kept, of which charts and budgets are made. 0: for ever.")),
  }).prefault({}).meta(live("How long usage is kept.")),
};
