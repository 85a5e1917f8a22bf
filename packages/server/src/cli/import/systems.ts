import { DROP_INS, settingsOf, type ConfigNote, type DropInSettings } from "@dragoman/gateway";
import { UsageError } from "../command.ts";
import { nearest } from "../nearest.ts";
import type { Source } from "./read-source.ts";

/** What a file of ours will say. */
export type Imported =
  | { readonly kind: "settings"; readonly settings: DropInSettings }
  /** The file is one of ours already, but for lines at its end. */
  | { readonly kind: "text"; readonly text: string; readonly notes: readonly ConfigNote[] };

/** Another gateway whose settings can be written into a file of ours. */
export interface ImportableSystem {
  readonly id: string;
  readonly name: string;
  /** Which files it has. */
  readonly files: string;
  /** `environment` is what surrounds this process. @returns `undefined` when the file is none of that system's */
  read(source: Source, environment: Readonly<Record<string, string | undefined>>): Imported | undefined;
}

const FILES: Readonly<Record<string, string>> = { droid2api: "config.json", "factory-proxy": ".env", "claude-proxy": ".dev.vars or wrangler.toml", infiniproxy: ".env" };

/** Where CLIProxyAPI keeps logins when its file does not say so. */
const USUAL_LOGINS = `auth-dir: "~/.cli-proxy-api"`;

const cliProxyApi: ImportableSystem = {
  id: "cliproxyapi",
  name: "CLIProxyAPI",
  files: "config.yaml",
  read({ tree, text }) {
    if (Object.keys(tree).length === 0) return undefined;
    const namesLogins = typeof tree["auth-dir"] === "string" && tree["auth-dir"].trim() !== "";
    const notes: ConfigNote[] = [
      ...(namesLogins ? [] : [{ kind: "migrated", path: "auth-dir", message: "is written out: logins are read and renewed where they lie" } as const]),
      ...(tree.host === undefined ? [{ kind: "warning", path: "host", message: "is not set: this machine alone, where CLIProxyAPI listens on every interface" } as const] : []),
    ];
    const lines = namesLogins || Object.hasOwn(tree, "auth-dir") ? "" : `${text.endsWith("\n") || text === "" ? "" : "\n"}\n# Logins of CLIProxyAPI.\n${USUAL_LOGINS}\n`;
    return { kind: "text", text: text + lines, notes };
  },
};

/** Every system that `dragoman import` knows. */
export const SYSTEMS: readonly ImportableSystem[] = [
  cliProxyApi,
  ...DROP_INS.map((dropIn): ImportableSystem => ({
    id: dropIn.id,
    name: dropIn.name,
    files: FILES[dropIn.id] ?? "its file",
    read({ tree, variables }, environment) {
      const isWhole = Object.keys(variables).length === 0;
      if (isWhole && dropIn.isFile?.(tree) !== true) return undefined;
      const settings = settingsOf(dropIn, tree, isWhole ? environment : variables);
      return settings === undefined ? undefined : { kind: "settings", settings };
    },
  })),
];

/** @throws UsageError with the systems that there are */
export function systemNamed(id: string): ImportableSystem {
  const ids = SYSTEMS.map((system) => system.id);
  const found = SYSTEMS.find((system) => system.id === id);
  if (found !== undefined) return found;
  const close = nearest(id, ids);
  throw new UsageError(`import knows ${ids.join(", ")}, not "${id}"${close === undefined ? "" : `; did you mean ${close}?`}`);
}
