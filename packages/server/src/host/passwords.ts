import type { Passwords } from "@dragoman/gateway";

/** As CLIProxyAPI has it, so that either can read the other's hashes. */
const COST = 10;

/** bcrypt through Bun. It reads 72 bytes; what is longer, Bun hashes with SHA-512 first. */
export function bcryptPasswords(cost: number = COST): Passwords {
  return {
    hash: (secret) => Bun.password.hash(secret, { algorithm: "bcrypt", cost }),
    verify: (secret, hash) => Bun.password.verify(secret, hash, "bcrypt"),
  };
}
