import type { JsonObject } from "../../canonical/index.ts";
import type { ModelInfo } from "../dialect.ts";

export function encodeModel(model: ModelInfo): JsonObject {
  return { type: "model", id: model.id, display_name: model.displayName ?? model.id, created_at: toRfc3339(model.created) };
}

export function encodeModelList(models: readonly ModelInfo[]): JsonObject {
  return { data: models.map(encodeModel), has_more: false, first_id: models[0]?.id ?? null, last_id: models.at(-1)?.id ?? null };
}

const SECONDS_PER_DAY = 86_400;

/** Epoch seconds as `2025-02-19T00:00:00Z`. By hand: dates of the platform are kept out of translation, which has no clock. */
function toRfc3339(epochSeconds: number): string {
  const days = Math.floor(epochSeconds / SECONDS_PER_DAY);
  const rest = epochSeconds - days * SECONDS_PER_DAY;
  const time = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, Math.floor(rest) % 60].map(twoDigits).join(":");
  return `${civilDate(days)}T${time}Z`;
}

/** Gregorian date of a day since 1970-01-01; eras of 400 years that begin in March (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
function civilDate(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${year}-${twoDigits(month)}-${twoDigits(dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
