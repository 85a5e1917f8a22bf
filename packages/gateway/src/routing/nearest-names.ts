import { editDistance } from "../edit-distance.ts";

/** More names than this are not looked through: the hint is not worth it. */
const LOOKED_THROUGH = 1000;

/** The names most like a wrong one, best first; those that have little in common with it are left out. */
export function nearestNames(wrong: string, names: Iterable<string>, count = 3): string[] {
  const wanted = wrong.slice(0, 80).toLowerCase();
  const scored: { readonly name: string; readonly distance: number }[] = [];
  let looked = 0;
  for (const name of names) {
    if (++looked > LOOKED_THROUGH) break;
    const distance = unlikeness(wanted, name.slice(0, 80).toLowerCase());
    if (distance <= Math.max(3, wanted.length * 0.6)) scored.push({ name, distance });
  }
  scored.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return scored.slice(0, count).map((each) => each.name);
}

/** Edits between two names; a name that holds the other whole is near, however long it is. */
function unlikeness(a: string, b: string): number {
  if (a.length > 2 && b.includes(a)) return Math.min(2, b.length - a.length);
  return editDistance(a, b);
}
