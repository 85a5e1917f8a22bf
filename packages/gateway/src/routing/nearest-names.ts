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
  return edits(a, b);
}

function edits(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const changed = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(changed, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[b.length] ?? 0;
}
