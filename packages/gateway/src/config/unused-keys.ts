import { type RawObject, isRawObject } from "./raw.ts";
import type { TakeNote } from "./findings.ts";

const KEY_LISTS = ["claude-api-key", "gemini-api-key", "codex-api-key", "xai-api-key", "vertex-api-key"] as const;
const MODEL_LISTS = [...KEY_LISTS, "openai-compatibility"] as const;

const IMPERSONATION = "it would make requests look like those of a vendor's own client";
const CLUSTER = "there is no cluster mode";
const ELSEWHERE = "this feature does not exist here";

const under = (lists: readonly string[], ...keys: readonly string[]): readonly string[] =>
  lists.flatMap((list) => keys.map((key) => `${list}[].${key}`));

/**
 * Keys of CLIProxyAPI configurations (up to August 2026) that have no effect here. They are accepted so that such a file
 * can be used as it is. `[]` stands for each item of a list.
 */
export const UNUSED_KEYS: readonly { readonly reason: string; readonly paths: readonly string[] }[] = [
  {
    reason: IMPERSONATION,
    paths: [
      "disable-claude-cloak-mode", "claude-code", "codex.identity-confuse", "codex.disable-codex-cloaking", "antigravity",
      "claude-header-defaults", "codex-header-defaults",
      ...under(KEY_LISTS, "cloak", "fingerprint-profile", "experimental-cch-signing"),
    ],
  },
  { reason: CLUSTER, paths: ["home", "credential-concurrency", "credential-in-flight"] },
  { reason: "there are no plugins", paths: ["plugins"] },
  {
    reason: "the Amp proxy does not exist here",
    paths: ["ampcode", "amp-upstream-url", "amp-upstream-api-key", "amp-restrict-management-to-localhost", "amp-model-mappings"],
  },
  { reason: "it is read-only", paths: [...under(MODEL_LISTS, "auth-index"), "openai-compatibility[].api-key-entries[].auth-index"] },
  {
    reason: ELSEWHERE,
    paths: [
      "pprof", "auth-auto-refresh-workers",
      "enable-gemini-cli-endpoint", "disable-image-generation", "gpt-image-2-base-model", "video-result-auth-cache-ttl",
      "codex.stream-bootstrap-buffering", "codex.optimize-multi-agent-v2", "codex.live-media-relay", "xai.inject-x-search",
      "codex.orphan-delegation-compatibility", "codex.model-level-cooling", "routing.session-affinity-subagents",
      "antigravity-signature-cache-enabled", "antigravity-signature-bypass-strict", "interactions-api-key",
      "remote-management.disable-auto-update-panel", "remote-management.panel-github-repository",
      ...under(KEY_LISTS, "websockets", "alpha-search"),
      "openai-compatibility[].support-prompt-cache-key",
      ...under(MODEL_LISTS.map((list) => `${list}[].models`), "is-compat", "image", "input-modalities", "output-modalities"),
    ],
  },
];

/** The sections that hold nothing but unused keys, and go with the last of them. */
const SHELLS = ["codex", "xai"] as const;

/** Takes the unused keys out of the tree, in place, with a note for each. */
export function removeUnusedKeys(root: RawObject, note: TakeNote): void {
  for (const { reason, paths } of UNUSED_KEYS) {
    for (const path of paths) {
      removeAt(root, path.split("."), "", (where) => note("unused", where, `has no effect: ${reason}`));
    }
  }
  for (const shell of SHELLS) {
    const value = root[shell];
    if (value === null || (isRawObject(value) && Object.keys(value).length === 0)) delete root[shell];
  }
}

function removeAt(node: unknown, steps: readonly string[], walked: string, removed: (path: string) => void): void {
  const [step = "", ...rest] = steps;
  if (!isRawObject(node)) return;
  const key = step.replace("[]", "");
  if (!Object.hasOwn(node, key)) return;
  const path = walked === "" ? key : `${walked}.${key}`;
  if (rest.length === 0) {
    delete node[key];
    removed(path);
  } else if (!step.endsWith("[]")) removeAt(node[key], rest, path, removed);
  else if (Array.isArray(node[key])) node[key].forEach((item, index) => removeAt(item, rest, `${path}[${index}]`, removed));
}
