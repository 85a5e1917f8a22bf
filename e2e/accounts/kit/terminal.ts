import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LAUNCHER } from "../../kit/launcher.ts";
import { waitFor, type Home } from "../../kit/program.ts";
import type { Listening } from "../../kit/running.ts";


/** The program as a person runs it, who may type while it runs. */
export interface Typing {
  said(): string;
  /** Waits until it has said so. @returns what fits */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  type(line: string): void;
  /** Nothing more will be typed. */
  end(): void;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<number>;
}

export function startTyping(home: Home, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Typing {
  const child = spawn("node", [LAUNCHER, ...args], {
    cwd: home.directory,
    env: { PATH: process.env.PATH ?? "", HOME: home.directory, DRAGOMAN_HOME: join(home.directory, "data"), NO_COLOR: "1", ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => (said += piece));
  const ended = new Promise<number>((done) => child.on("close", (code) => done(code ?? -1)));
  return {
    said: () => said,
    says: (pattern) => waitFor(() => pattern.exec(said) ?? undefined).catch(() => Promise.reject(new Error(`it did not say ${String(pattern)} but: ${said}`))),
    type: (line) => void child.stdin.write(`${line}\n`),
    end: () => void child.stdin.end(),
    signal: (name) => void child.kill(name),
    ended,
  };
}

/** A program named as desktops name their opener, first on PATH: it fetches the address, goes where it is sent, and keeps the page. */
export function fakeBrowser(home: Home): { readonly environment: Readonly<Record<string, string>>; readonly page: string } {
  const bin = join(home.directory, "bin");
  const page = join(home.directory, "page.html");
  mkdirSync(bin);
  const path = join(bin, "xdg-open");
  writeFileSync(path, `#!/usr/bin/env node
const reply = await fetch(process.argv[2]);
const { writeFileSync, renameSync } = await import("node:fs");
writeFileSync(${JSON.stringify(`${page}.part`)}, reply.status + "\\n" + await reply.text());
renameSync(${JSON.stringify(`${page}.part`)}, ${JSON.stringify(page)});
`);
  chmodSync(path, 0o755);
  writeFileSync(join(bin, "package.json"), '{"type":"module"}');
  return { environment: { PATH: `${bin}:${process.env.PATH ?? ""}`, DISPLAY: ":99" }, page };
}

/** The same server behind TLS, with a certificate of its own making. */
export function behindTls(home: Home, origin: string): Listening & { readonly certificate: string } {
  const [key, certificate] = [join(home.directory, "vendor.key"), join(home.directory, "vendor.crt")];
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate], { stdio: "ignore" });
  const server = Bun.serve({
    port: 0, hostname: "127.0.0.1", tls: { key: Bun.file(key), cert: Bun.file(certificate) },
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      return fetch(origin + pathname + search, { method: request.method, headers: request.headers, redirect: "manual", ...(request.method === "POST" && { body: await request.text() }) });
    },
  });
  return { origin: `https://localhost:${server.port}`, certificate, close: () => server.stop(true) };
}
