/** Words that clouds and markets put before a vendor's name for a model. */
const FRONTS: readonly RegExp[] = [
  /^(us|eu|apac|jp|au|ca|us-gov|global)\.(?=[a-z])/,
  /^publishers\/[^/]+\/models\//,
  /^models\//,
  /^anthropic\./,
  /^[^/\s]+\//,
];

/** What they put behind it: a release, a date, a mode that costs the same. */
const BACKS: readonly RegExp[] = [
  /-v\d+(:\d+)?$/,
  /@[^@]*$/,
  /:(thinking|beta|extended|self-moderated)$/,
  /-latest$/,
  /-(20\d{6}|20\d\d-\d\d-\d\d)$/,
  /-(preview|exp)-\d\d-(20)?\d\d$/,
  /-00\d$/,
];

/**
 * The names under which a model may stand in a price list, the one it came with first: without the region, the vendor, the
 * release and the date that clouds and markets add (`us.anthropic.claude-…-v1:0`, `anthropic/claude-…`, `…@20250929`), and with
 * dots written as dashes. At most some dozen.
 */
export function listedNames(model: string): readonly string[] {
  const names = new Set<string>();
  let bare = model.trim().toLowerCase();
  names.add(bare);
  for (const front of FRONTS) names.add((bare = bare.replace(front, "")));
  for (const back of BACKS) names.add((bare = bare.replace(back, "")));
  const dashed = [...names].map((name) => name.replace(/(\d)\.(?=\d)/g, "$1-"));
  return [...names, ...dashed];
}
