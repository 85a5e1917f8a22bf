/** What the base image has for a program to be linked with: the C library of its distribution (glibc 2.36), in parts. */
const BASE_LIBRARIES: readonly string[] = ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0"];

/** The program that loads a program, by what Node calls the processor. */
const LOADERS: Readonly<Record<string, string>> = { x64: "ld-linux-x86-64.so.2", arm64: "ld-linux-aarch64.so.1" };

export interface Library {
  readonly name: string;
  /** On this machine. */
  readonly path: string;
}

/** What an executable is linked with, as `ldd` says; Linux only. @throws when something is missing here */
export function librariesOf(executable: string): readonly Library[] {
  const { exitCode, stdout, stderr } = Bun.spawnSync(["ldd", executable]);
  if (exitCode !== 0) throw new Error(`ldd: ${stderr.toString()}`);
  return stdout.toString().split("\n").flatMap((line) => {
    if (line.includes("not found")) throw new Error(line.trim());
    const path = /(\/\S+) \(0x/.exec(line)?.[1];
    return path === undefined ? [] : [{ name: path.slice(path.lastIndexOf("/") + 1), path }];
  });
}

/** Those that the base image lacks. */
export function missingInBase(libraries: readonly Library[]): readonly string[] {
  const present = new Set([...BASE_LIBRARIES, LOADERS[process.arch]]);
  return libraries.map(({ name }) => name).filter((name) => !present.has(name));
}
