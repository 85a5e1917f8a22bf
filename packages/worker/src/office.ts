import { type ConfigKeeper, ConfigRefused, describeChanges, expandTree, type OfficePorts, parseConfig, systemClock } from "@dragoman/gateway";
import type { Settings } from "./read-settings.ts";

const READ_ONLY = "the configuration of a Worker is its variables: change DRAGOMAN_CONFIG and deploy";

/** The management API, for those who set its key. @returns `undefined` without one */
export function officeOf(settings: Settings): OfficePorts | undefined {
  const { managementKey } = settings;
  if (managementKey === undefined) return undefined;
  return {
    config: keeperOf(settings),
    // Hashes are bcrypt, which a Worker does not have; its key is a secret binding.
    passwords: { hash: () => Promise.reject(new Error(READ_ONLY)), verify: () => Promise.resolve(false) },
    environmentKey: managementKey,
    facts: { runtime: "Cloudflare Workers", startedAt: systemClock.now(), url: () => "" },
  };
}

type Tree = ReturnType<ConfigKeeper["tree"]>;

/** Shows the configuration, and changes nothing. */
function keeperOf({ config, environment, file }: Settings): ConfigKeeper {
  const tree = (): Tree => file as Tree;
  const refuse = (): Promise<never> => Promise.reject(new ConfigRefused("write", READ_ONLY));
  return {
    current: () => ({ config }),
    text: () => JSON.stringify(file, undefined, 2),
    tree,
    expandedTree: () => expandTree(tree(), environment) as Tree,
    change: refuse,
    replace: refuse,
    check(text) {
      let given: unknown;
      try {
        given = JSON.parse(text);
      } catch (error) {
        return { syntaxError: (error as Error).message, problems: [], notes: [], changes: [] };
      }
      const parsed = parseConfig(given, environment);
      return parsed.ok ? { problems: [], notes: parsed.notes, changes: describeChanges(config, parsed.config) } : { problems: parsed.problems, notes: [], changes: [] };
    },
  };
}
