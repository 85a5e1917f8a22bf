import { MODELS, startClientsWorld } from "./clients-world.ts";
import { CLIS } from "./clis/index.ts";
import { CACHE, install } from "./install.ts";
import { problemReport, row, table } from "./report.ts";
import { runTrial, type Trial } from "./trial.ts";

/** `npm run test:clients [-- word …]`: with words, only CLIs and providers whose names hold one of them. */
const words = process.argv.slice(2).map((word) => word.toLowerCase());
const clis = CLIS.filter(({ name }) => isWanted(name, CLIS.map((cli) => cli.name)));
const upstreams = Object.keys(MODELS).filter((id) => isWanted(id, Object.keys(MODELS)));

/** Words that fit nothing on an axis leave the axis whole. */
function isWanted(name: string, axis: readonly string[]): boolean {
  const fitting = words.filter((word) => axis.some((other) => other.toLowerCase().includes(word)));
  return fitting.length === 0 || fitting.some((word) => name.toLowerCase().includes(word));
}

console.log(`The CLIs are kept in ${CACHE}`);
const scripts = new Map<string, string>();
for (const cli of clis) {
  console.log(`  ${cli.package} ${cli.version}`);
  scripts.set(cli.name, await install(cli));
}

const world = startClientsWorld();
const trials = new Map<string, Trial>();
for (const cli of clis) {
  for (const upstream of upstreams) {
    const trial = await runTrial(cli, scripts.get(cli.name) ?? "", upstream, world);
    trials.set(`${cli.name} → ${upstream}`, trial);
    console.log(row(`${cli.name} → ${upstream}`, trial));
  }
}
await world.close();

for (const [name, trial] of trials) if (trial.problems.length > 0) console.log(problemReport(name, trial));
console.log(table(clis.map(({ name, version }) => ({ name, version })), upstreams, trials));
const failed = [...trials.values()].filter(({ problems }) => problems.length > 0).length;
console.log(`\n${trials.size - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
