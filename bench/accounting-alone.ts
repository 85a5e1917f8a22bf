// The accounting section of the benchmarks by itself: `node scripts/bun.js --conditions=@dragoman/source bench/accounting-alone.ts`.
// Takes the number of JSON requests to each process; of streams there are a tenth as many.
import { tellAccounting } from "./accounting.ts";
import { startAccountingHosts, startMock } from "./servers.ts";

const requests = Number(process.argv[2] ?? 15_000);
const mock = await startMock();
const hosts = await startAccountingHosts(mock.origin);
await tellAccounting({
  ...hosts,
  requestsOf: (kind) => (kind === "json" ? requests : requests / 10),
  concurrency: 16,
  say: (line) => console.log(line),
  target: (name, measured, limit, unit) => console.log(`${name}: at most ${limit}${unit}, measured ${measured.toFixed(2)}${unit}`),
});
for (const subject of [...hosts.without, ...hosts.counting, mock]) subject.stop();
process.exit(0);
