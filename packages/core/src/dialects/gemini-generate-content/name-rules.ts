import type { NameRules } from "../../naming/index.ts";

/** Function names as the API's own complaint gives them (seen 2026-11); ids are opaque and only echoed. */
export const nameRules: NameRules = {
  toolNameChar: /[A-Za-z0-9_.:-]/,
  toolNameFirstChar: /[A-Za-z_]/,
  toolNameMaxLength: 64,
  callIdChar: /[!-~]/,
  callIdMaxLength: 256,
};
