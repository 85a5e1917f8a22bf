// Times in log lines and file names are local, as readers of CLIProxyAPI's logs expect.

interface Parts {
  /** `2025-12-23`. */
  readonly day: string;
  readonly hours: string;
  readonly minutes: string;
  readonly seconds: string;
  readonly milliseconds: string;
  /** `+01:00`. */
  readonly offset: string;
}

const two = (value: number): string => String(value).padStart(2, "0");

function partsOf(at: number): Parts {
  const date = new Date(at);
  const offset = -date.getTimezoneOffset();
  const away = Math.abs(offset);
  return {
    day: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
    hours: two(date.getHours()), minutes: two(date.getMinutes()), seconds: two(date.getSeconds()), milliseconds: String(date.getMilliseconds()).padStart(3, "0"),
    offset: `${offset < 0 ? "-" : "+"}${two(Math.floor(away / 60))}:${two(away % 60)}`,
  };
}

/** `2025-12-23 20:14:04`, for log lines. */
export function lineTime(at: number): string {
  const { day, hours, minutes, seconds } = partsOf(at);
  return `${day} ${hours}:${minutes}:${seconds}`;
}

/** `2025-12-23T19:58:11.123000+01:00`. */
export function fullTime(at: number): string {
  const { day, hours, minutes, seconds, milliseconds, offset } = partsOf(at);
  return `${day}T${hours}:${minutes}:${seconds}.${milliseconds}000${offset}`;
}

/** `2025-12-23T195811`, for names of request logs. */
export function nameTime(at: number): string {
  const { day, hours, minutes, seconds } = partsOf(at);
  return `${day}T${hours}${minutes}${seconds}`;
}

/** `2025-12-23T19-58-11.123`, for names of log files that were put aside. */
export function backupTime(at: number): string {
  const { day, hours, minutes, seconds, milliseconds } = partsOf(at);
  return `${day}T${hours}-${minutes}-${seconds}.${milliseconds}`;
}
