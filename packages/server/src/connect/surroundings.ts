import { homedir } from "node:os";
import { dataDirectory } from "../host/data-directory.ts";
import type { Environment } from "../config/environment-file.ts";

/** The user and machine whose clients are connected. */
export interface Surroundings {
  readonly environment: Environment;
  readonly home: string;
  /** The working directory. */
  readonly project: string;
  readonly platform: NodeJS.Platform;
  /** Where this program keeps what it makes itself. */
  readonly data: string;
}

export function ownSurroundings(): Surroundings {
  return { environment: process.env, home: homedir(), project: process.cwd(), platform: process.platform, data: dataDirectory() };
}
