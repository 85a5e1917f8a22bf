/** Minutes that the server's clock is ahead of UTC at a moment. */
export type UtcOffset = (at: number) => number;

/** The server's own zone. */
export const serverOffset: UtcOffset = (at) => -new Date(at).getTimezoneOffset();

export interface LocalHour {
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** `00` to `23` */
  readonly hour: string;
}

/** Day and hour of a moment on the server's clock. */
export function localHour(at: number, offset: UtcOffset): LocalHour {
  const text = new Date(at + offset(at) * 60_000).toISOString();
  return { day: text.slice(0, 10), hour: text.slice(11, 13) };
}
