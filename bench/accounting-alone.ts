// The accounting section of the benchmarks by itself: `node scripts/bun.js --conditions=@dragoman/source bench/accounting-alone.ts`.
// Takes the number of JSON requests; of streams there are a tenth as many.
import { tellAccounting } from "./accounting.ts";
import { startAccounting, startMock } from "./servers.ts";

const requests = Number(process.argv[2] ?? 30_000);
const mock = await startMock();
const [plain, counting] = [await startAccounting(mock.origin, "off"), await startAccounting(mock.origin, "on")];
await tellAccounting({
  hosts: [plain, counting],
  requestsOf: (kind) => (kind === "json" ? requests : requests / 10),
  concurrency: 16,
  say: (line) => console.log(line),
  target: (name, measured, limit, unit) => console.log(`${name}: at most ${limit}${unit}, measured ${measured.toFixed(2)}${unit}`),
});
for (const subject of [plain, counting, mock]) subject.stop();
process.exit(0);
