import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { librariesOf, missingInBase } from "./libraries.ts";

/** The user and group of the image. */
export const IMAGE_USER = 65_532;

/** Where distributions keep the certificates of authorities. */
const CERTIFICATES = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];

/**
 * Puts into a directory what the image holds: the executable, and of the base what it could use.
 * Needs to be root, for the owners.
 *
 * @throws when the executable needs a library that the base image does not have
 */
export function assembleImage(executable: string, root: string): void {
  const libraries = librariesOf(executable);
  const missing = missingInBase(libraries);
  if (missing.length > 0) throw new Error(`the base image has no ${missing.join(", ")}`);
  chmodSync(root, 0o755);
  for (const { path } of libraries) copy(path, join(root, path));
  copy(executable, join(root, "dragoman"));
  const certificates = CERTIFICATES.find((path) => existsSync(path));
  if (certificates !== undefined) copy(certificates, join(root, "/etc/ssl/certs/ca-certificates.crt"));
  writeFileSync(inside(root, "etc/passwd"), `root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:${IMAGE_USER}:${IMAGE_USER}:nonroot:/home/nonroot:/sbin/nologin\n`);
  for (const directory of ["proc", "dev", "data", "tmp"]) mkdirSync(join(root, directory), { recursive: true });
  chownSync(join(root, "data"), IMAGE_USER, IMAGE_USER);
  chmodSync(join(root, "data"), 0o700);
  chmodSync(join(root, "tmp"), 0o1777);
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { dereference: true });
}

function inside(root: string, path: string): string {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  return join(root, path);
}
