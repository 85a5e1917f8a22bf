/** What a service runs, and where. All paths are absolute. */
export interface ServicePlan {
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Data, configuration and logs. */
  readonly directory: string;
  /** Further places that it writes to, such as stored logins; they need not be there yet. */
  readonly writable: readonly string[];
  /** The account it runs under, for a service of the whole machine; absent: the one who installs it. */
  readonly user?: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A file to be written and what makes it a service. */
export interface ServiceFile {
  readonly path: string;
  readonly text: string;
  /** Commands that put it in force, in order. */
  readonly start: readonly (readonly string[])[];
  /** Commands that take it out of force; a failure is passed over, for it may not run. */
  readonly stop: readonly (readonly string[])[];
  /** Commands for when the file is gone. */
  readonly removed: readonly (readonly string[])[];
  readonly status: readonly string[];
  readonly logs: readonly string[];
  /** What the person should do or know next. */
  readonly hints: readonly string[];
}
