import { hmacSha256 } from "@dragoman/core";
import type { OfficePorts } from "../office.ts";

/** Good keys that are remembered, so that bcrypt need not run for each call. */
const MAX_REMEMBERED = 32;

export type KeyKind = "management-key" | "environment-key" | "local-key";

/** The keys that open the office, and what each opens. */
export class ManagementKeys {
  readonly #ports: OfficePorts;
  /** Fingerprints of keys that were good for a hash; of the process alone. */
  readonly #remembered = new Set<string>();
  readonly #pending = new Map<string, Promise<boolean>>();
  readonly #salt: Uint8Array;

  constructor(ports: OfficePorts, salt: Uint8Array) {
    this.#ports = ports;
    this.#salt = salt;
  }

  /** Hash or plain text of the configured secret; empty when there is none. */
  get #secret(): string {
    return this.#ports.config.current().config["remote-management"]["secret-key"];
  }

  /** Without one, there is no management API. */
  get present(): boolean {
    return this.#secret !== "" || this.hasEnvironmentKey;
  }

  get hasEnvironmentKey(): boolean {
    return (this.#ports.environmentKey ?? "") !== "";
  }

  /** Changes with every key: what is signed with it ends when a key changes. */
  get fingerprint(): string {
    return this.#hash(["keys", this.#secret, this.#ports.environmentKey ?? "", this.#ports.localKey ?? ""].join("\0"));
  }

  /** @returns which key it is; `undefined`: none */
  async check(key: string, isLoopback: boolean): Promise<KeyKind | undefined> {
    const { localKey, environmentKey } = this.#ports;
    if (isLoopback && this.#same(key, localKey)) return "local-key";
    if (this.#same(key, environmentKey)) return "environment-key";
    return (await this.#matchesSecret(key)) ? "management-key" : undefined;
  }

  /** Hashes are compared: the time it takes says nothing about the key. */
  #same(key: string, expected: string | undefined): boolean {
    return expected !== undefined && expected !== "" && this.#hash(key) === this.#hash(expected);
  }

  #matchesSecret(key: string): Promise<boolean> | boolean {
    const secret = this.#secret;
    if (secret === "") return false;
    if (!isHashed(secret)) return this.#same(key, secret);
    const id = this.#hash(`${key}\0${secret}`);
    if (this.#remembered.has(id)) return true;
    const running = this.#pending.get(id);
    if (running !== undefined) return running;
    const verifying = this.#ports.passwords.verify(key, secret).catch(() => false).then((good) => {
      if (good) this.#remember(id);
      return good;
    }).finally(() => this.#pending.delete(id));
    this.#pending.set(id, verifying);
    return verifying;
  }

  #remember(id: string): void {
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.add(id);
  }

  #hash(text: string): string {
    return hmacSha256(this.#salt, new TextEncoder().encode(text)).join(",");
  }
}

/** bcrypt, in one of its three spellings. */
export function isHashed(secret: string): boolean {
  return /^\$2[aby]\$./.test(secret);
}
