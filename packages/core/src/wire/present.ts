/** A copy without the members that are `undefined`: absent must look the same on the wire however it came about. */
export function present<T extends object>(object: T): T {
  const copy: Partial<T> = {};
  for (const key of Object.keys(object) as (keyof T)[]) {
    if (object[key] !== undefined) copy[key] = object[key];
  }
  return copy as T;
}
