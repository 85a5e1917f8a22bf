/** Where one run of a CLI happens: folders of its own, so that nothing of this machine's user is read or written. */
export interface Site {
  /** Working directory; the file appears here. */
  readonly work: string;
  /** Stands in for the home directory. */
  readonly home: string;
  /** Address of the gateway, without a path. */
  readonly origin: string;
  readonly apiKey: string;
  readonly model: string;
  readonly prompt: string;
  /** Goes on with the session that was held here before. */
  readonly resumes?: boolean;
}

export interface Invocation {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A command line coding tool: what to install and how to run it without a terminal. */
export interface Cli {
  readonly name: string;
  /** Dialect id that it speaks with the gateway. */
  readonly dialect: string;
  /** npm package and exact version. */
  readonly package: string;
  readonly version: string;
  /** Script inside the package that Node runs; install scripts are not needed for it. */
  readonly entry: string;
  /** What it sends this provider (dialect id), its own, when it goes on with a session is refused, without a gateway as well. */
  readonly resumesBadlyWith?: string;
  /** Where it does not ask for the model that it is told: another one of the same provider, by dialect id. */
  readonly models?: Readonly<Record<string, string>>;
  /** Files to write below `home` before the run, by path. */
  files?(site: Site): Readonly<Record<string, string>>;
  invocation(site: Site): Invocation;
}
