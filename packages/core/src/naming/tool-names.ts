import type { Message, Tool } from "../canonical/index.ts";
import { sha256Hex } from "../seals/sha256.ts";

/** What names and ids may look like at an upstream. Patterns are of single characters. */
export interface NameRules {
  readonly toolNameChar: RegExp;
  readonly toolNameFirstChar: RegExp;
  readonly toolNameMaxLength: number;
  readonly callIdChar: RegExp;
  readonly callIdMaxLength: number;
}

/** Tool names ↔ names that are legal at the upstream, for one request. */
export interface ToolNames {
  /** The upstream's name for a tool (of a namespace). The same for every turn of a conversation. */
  toWire(name: string, namespace?: string): string;
  /** The caller's name for what the upstream called. Unknown names come back unchanged. */
  fromWire(wireName: string): { readonly name: string; readonly namespace?: string };
}

interface NamedTool {
  readonly name: string;
  readonly namespace?: string;
}

const HASH_DIGITS = 8;
const MCP_PREFIX = "mcp__";

/**
 * Builds the bijection from the declared tools and every tool that the history calls.
 * Names depend on the set of tools and not on their order, so a prompt cache survives a client that shuffles them.
 */
export function createToolNames(tools: readonly Tool[], messages: readonly Message[], rules: NameRules): ToolNames {
  const known = new Map<string, NamedTool>();
  for (const tool of namedTools(tools, messages)) {
    const full = qualify(tool.name, tool.namespace);
    if (!known.has(full)) known.set(full, tool);
  }
  const wishes = [...known.keys()].map((full) => legalName(full, rules));
  const wishCount = new Map<string, number>();
  for (const wish of wishes) wishCount.set(wish, (wishCount.get(wish) ?? 0) + 1);

  const wireOf = new Map<string, string>();
  const toolOf = new Map<string, NamedTool>();
  [...known].forEach(([full, tool], index) => {
    const wish = wishes[index] ?? full;
    const shared = (wishCount.get(wish) ?? 0) > 1;
    const wire = shared && wish !== full ? withHash(wish, full, rules) : wish;
    wireOf.set(full, wire);
    toolOf.set(wire, tool);
  });

  return {
    toWire(name, namespace) {
      const full = qualify(name, namespace);
      const wire = wireOf.get(full);
      if (wire !== undefined) return wire;
      const wish = legalName(full, rules);
      return toolOf.has(wish) ? withHash(wish, full, rules) : wish;
    },
    fromWire: (wireName) => toolOf.get(wireName) ?? { name: wireName },
  };
}

/** Declared tools first: where two share a full name, the first one answers for it. */
function* namedTools(tools: readonly Tool[], messages: readonly Message[]): Generator<NamedTool> {
  for (const tool of tools) yield named(tool.name, tool.kind === "server" ? undefined : tool.namespace);
  for (const message of messages) {
    for (const part of message.parts) {
      if (part.kind === "tool-call") yield named(part.name, part.namespace);
      else if (part.kind === "tool-result" && part.name !== undefined) yield named(part.name, undefined);
    }
  }
}

function named(name: string, namespace: string | undefined): NamedTool {
  return namespace === undefined ? { name } : { name, namespace };
}

/** A namespace becomes a prefix, unless the child says already where it belongs. */
function qualify(name: string, namespace: string | undefined): string {
  if (namespace === undefined || namespace === "" || name.startsWith(MCP_PREFIX)) return name;
  const prefix = `${namespace}__`;
  return name.startsWith(prefix) ? name : prefix + name;
}

function legalName(full: string, rules: NameRules): string {
  let name = "";
  for (const char of full) name += rules.toolNameChar.test(char) ? char : "_";
  if (!rules.toolNameFirstChar.test(name.charAt(0))) name = `_${name}`;
  return name.length <= rules.toolNameMaxLength ? name : withHash(withoutServer(name), full, rules);
}

/** `mcp__server__tool` → `mcp__tool`: of a name that is too long, the tool tells the model more than the server. */
function withoutServer(name: string): string {
  if (!name.startsWith(MCP_PREFIX)) return name;
  const toolAt = name.indexOf("__", MCP_PREFIX.length);
  return toolAt < 0 || toolAt + 2 === name.length ? name : MCP_PREFIX + name.slice(toolAt + 2);
}

/** A hash and not a counter: the name must be the same in the next turn, whatever tools come or go. */
function withHash(name: string, full: string, rules: NameRules): string {
  const hash = sha256Hex(full).slice(0, HASH_DIGITS);
  return `${name.slice(0, rules.toolNameMaxLength - HASH_DIGITS - 1)}_${hash}`;
}
