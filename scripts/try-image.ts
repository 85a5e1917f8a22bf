// Starts the executable as the image does, without Docker: alone with what the base image holds, its root read-only, as user
// 65532, with the variables of the Dockerfile. Asks for health, models, an answer and the page. Needs Linux and root.
// npm run build && node scripts/bun.js --conditions=@dragoman/source scripts/try-image.ts [FILE]
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assembleImage, IMAGE_USER } from "./image/assemble.ts";
import { askProgram } from "./try/ask-program.ts";

const executable = process.argv[2] ?? "dist/dragoman";
/** As a container's runtime lays it out: a read-only root, a writable volume, /proc and the devices. Then the words that follow. */
const ENTER = `
set -eu
root=$1; shift
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t tmpfs -o "uid=${IMAGE_USER},gid=${IMAGE_USER},mode=700" tmpfs "$root/data"
mount -t tmpfs tmpfs "$root/dev"
for device in null zero random urandom; do : > "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
mount -t proc proc "$root/proc"
exec chroot --userspec=${IMAGE_USER}:${IMAGE_USER} "$root" "$@"
`;

const root = mkdtempSync(join(tmpdir(), "dragoman-image-"));
try {
  assembleImage(executable, root);
  console.log(`the image holds ${Math.round(statSync(join(root, "dragoman")).size / 1e6)} MB of program`);
  const port = await freePort();
  const variables = { ...imageVariables(), PORT: String(port) };
  const startedAt = performance.now();
  const program = Bun.spawn(entering(["serve"]), { env: variables, stdout: "pipe", stderr: "ignore" });
  await askProgram(program, {
    address: `http://127.0.0.1:${port}`,
    async whileRunning() {
      console.log(`it answers ${Math.round(performance.now() - startedAt)} ms after its start, with ${residentMegabytes(childOf(program.pid))} MB in memory`);
      expectExit(0, ["health"], variables);
      expectExit(0, ["health", "--url", `http://127.0.0.1:${port}`], {});
    },
    // `unshare` passes no signal on.
    stop: () => process.kill(childOf(program.pid), "SIGTERM"),
  });
  expectExit(1, ["health"], variables);
  console.log("`dragoman health` says 0 while it runs and 1 afterwards");
} finally {
  rmSync(root, { recursive: true, force: true });
}

/** In namespaces of its own: nothing is mounted on this machine, and whoever is stopped takes everything along. */
function entering(words: readonly string[]): string[] {
  return ["unshare", "--mount", "--pid", "--fork", "--kill-child=SIGTERM", "sh", "-c", ENTER, "sh", root, "/dragoman", ...words];
}

function expectExit(expected: number, words: readonly string[], env: Record<string, string>): void {
  const { exitCode, stdout, stderr } = Bun.spawnSync(entering(words), { env: { ...imageVariables(), ...env } });
  if (exitCode !== expected) throw new Error(`${words.join(" ")} ended with ${exitCode}: ${stdout.toString()}${stderr.toString()}`);
}

/** What the Dockerfile sets. */
function imageVariables(): Record<string, string> {
  const block = /^ENV ((?:.*\\\n)*.*)/m.exec(readFileSync("Dockerfile", "utf8"))?.[1] ?? "";
  const variables = Object.fromEntries([...block.matchAll(/(\w+)=(\S+)/g)].map(([, name = "", value = ""]) => [name, value]));
  return { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ...variables };
}

/** The program in there, for `unshare` stays its parent. @returns its process id out here */
function childOf(parent: number): number {
  return Number(readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim());
}

function residentMegabytes(processId: number): string {
  const pages = Number(readFileSync(`/proc/${processId}/statm`, "utf8").split(" ")[1]);
  return ((pages * 4096) / 1e6).toFixed(0);
}

async function freePort(): Promise<number> {
  const probe = Bun.serve({ port: 0, fetch: () => new Response() });
  const { port } = probe;
  await probe.stop(true);
  if (port === undefined) throw new Error("no port is free");
  return port;
}
