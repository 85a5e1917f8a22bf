// Installs the packages of dist/npm into an empty directory as a stranger would, and uses them: the program is started, asked
// for its health and its page; the libraries are run by plain Node and their types are read by the compiler.
// npm run packages && node scripts/bun.js --conditions=@dragoman/source scripts/try-packages.ts
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askProgram } from "./try/ask-program.ts";

const ROOT = join(import.meta.dir, "..");
const TARBALLS = readdirSync(join(ROOT, "dist/npm")).filter((name) => name.endsWith(".tgz")).map((name) => join(ROOT, "dist/npm", name));

/** What an embedder writes; the types must say what `fetch` gives. */
const CONSUMER = `import { createGateway } from "@dragoman/gateway";
import { DIALECTS } from "@dragoman/core";
const gateway = createGateway({ config: {} });
const answer: Response = await gateway.fetch(new Request("http://gateway.invalid/v1/models"));
console.log(answer.status, "from the gateway,", Object.keys(DIALECTS).length, "dialects");
gateway.close();
`;

const home = mkdtempSync(join(tmpdir(), "dragoman-packages-"));
try {
  writeFileSync(join(home, "package.json"), JSON.stringify({ name: "stranger", private: true, type: "module" }));
  run("npm", "install", "--prefer-offline", "--no-audit", "--no-fund", ...TARBALLS);

  const version = run("npx", "--no-install", "dragoman", "--version").trim();
  console.log(`dragoman ${version} is installed in ${home}`);
  const startedAt = performance.now();
  const program = Bun.spawn([join(home, "node_modules/.bin/dragoman"), "serve", "--port", "0"], { cwd: home, env: cleanEnvironment(), stdout: "pipe", stderr: "ignore" });
  await askProgram(program);
  console.log(`the program answers with health, models and page ${Math.round(performance.now() - startedAt)} ms after its start`);

  writeFileSync(join(home, "consumer.ts"), CONSUMER);
  for (const resolution of ["nodenext", "bundler"]) {
    const module = resolution === "bundler" ? "preserve" : resolution;
    run(process.execPath, join(ROOT, "node_modules/typescript/bin/tsc"), "--strict", "--target", "es2023", "--lib", "es2023,dom", "--module", module, "--moduleResolution", resolution, "--outDir", "built", "consumer.ts");
  }
  console.log(`the libraries, run by Node: ${run("node", "built/consumer.js").trim()}`);
} finally {
  rmSync(home, { recursive: true, force: true });
}

function run(...command: string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd: home, env: cleanEnvironment() });
  if (exitCode !== 0) throw new Error(`${command.slice(0, 3).join(" ")} ended with ${exitCode}:\n${stdout.toString()}${stderr.toString()}`);
  return stdout.toString();
}

/** Nothing of this machine's keys and settings. */
function cleanEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? home, DRAGOMAN_HOME: join(home, "data"), NO_COLOR: "1" };
}
