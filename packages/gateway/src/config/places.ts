/** Where something stands in the configuration's tree: `["claude-api-key", 0]`. */
export type ConfigPath = readonly (string | number)[];

const places = new WeakMap<object, ConfigPath>();

/** Entries keep their place in the file's tree although blank and repeated ones before them were left out. */
export function rememberPlace<T extends object>(entry: T, place: ConfigPath): T {
  places.set(entry, place);
  return entry;
}

/** `undefined`: it does not come from a file. */
export function placeOf(entry: object): ConfigPath | undefined {
  return places.get(entry);
}
