const MAX_LENGTH = 255;

/** Whether a name can be a file's in a directory, and nothing else: no way up, down or out, on any platform. */
export function isPlainName(name: string): boolean {
  // eslint-disable-next-line no-control-regex -- NUL and its kin are what is looked for
  return name !== "" && name !== "." && !name.includes("..") && name.length <= MAX_LENGTH && !/[/\\:\u0000-\u001f\u007f]/.test(name);
}

/** What is left of a path that a browser gave as a file's name. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** As an attachment's name in a header. */
export function dispositionOf(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\]/g, "_");
  return plain === name ? `attachment; filename="${name}"` : `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`;
}
