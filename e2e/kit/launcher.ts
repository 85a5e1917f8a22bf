import { resolve } from "node:path";

/** What `node` starts: the program of the package, where the whole proof has built it, which starts faster; else that of the sources. */
export const LAUNCHER: string = resolve(process.env.DRAGOMAN_LAUNCHER ?? resolve(import.meta.dir, "../../packages/server/bin/dragoman.js"));
