import CalendarDays from "lucide-react/icons/calendar-days";
import { useState, type ReactNode } from "react";
import { useSearchParams } from "react-router";
import { useFormat } from "../format/use-format.ts";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "../i18n/ui-messages.ts";
import { Button } from "./button.tsx";
import { Field } from "./fields.tsx";
import { Popover } from "./menu.tsx";

export const PRESETS = ["1h", "24h", "7d", "30d", "90d", "month", "all"] as const;
export type Preset = (typeof PRESETS)[number];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SPANS: Partial<Record<Preset, number>> = { "1h": HOUR_MS, "24h": DAY_MS, "7d": 7 * DAY_MS, "30d": 30 * DAY_MS, "90d": 90 * DAY_MS };
/** Relative ranges move by whole minutes, so that their questions can be answered from what is known already. */
const STEP_MS = 60_000;

export interface DateRange {
  readonly preset: Preset | "custom";
  /** Epoch ms, inclusive; absent: from the beginning. */
  readonly from?: number;
  /** Epoch ms, exclusive; absent: now. */
  readonly to?: number;
}

/** The range in the page's address: `range=7d`, or `from` and `to` as days. */
export function useDateRange(initial: Preset = "7d"): [DateRange, (range: DateRange) => void] {
  const [params, setParams] = useSearchParams();
  const from = params.get("from");
  const to = params.get("to");
  const preset = PRESETS.find((name) => name === params.get("range")) ?? initial;
  const range: DateRange = from !== null || to !== null ? customRange(from ?? "", to ?? "") : presetRange(preset);
  const set = (next: DateRange): void => setParams((current) => {
    const changed = new URLSearchParams(current);
    for (const name of ["range", "from", "to"]) changed.delete(name);
    if (next.preset !== "custom") changed.set("range", next.preset);
    if (next.preset === "custom" && next.from !== undefined) changed.set("from", dayText(next.from));
    if (next.preset === "custom" && next.to !== undefined) changed.set("to", dayText(next.to - 1));
    return changed;
  }, { replace: true });
  return [range, set];
}

export function presetRange(preset: Preset, now: number = Date.now()): DateRange {
  if (preset === "all") return { preset };
  if (preset === "month") {
    const today = new Date(now);
    return { preset, from: new Date(today.getFullYear(), today.getMonth(), 1).getTime() };
  }
  return { preset, from: Math.floor(now / STEP_MS) * STEP_MS - (SPANS[preset] ?? DAY_MS) };
}

/** Whole days of this place, the last one included. */
export function customRange(from: string, to: string): DateRange {
  const start = localDay(from);
  const end = localDay(to);
  return { preset: "custom", ...(start !== undefined && { from: start.getTime() }), ...(end !== undefined && { to: new Date(end.getFullYear(), end.getMonth(), end.getDate() + 1).getTime() }) };
}

function localDay(text: string): Date | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return match === null ? undefined : new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
}

function dayText(at: number): string {
  const day = new Date(at);
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
}

export function DateRangePicker({ value, onChange, presets = PRESETS }: { readonly value: DateRange; readonly onChange: (range: DateRange) => void; readonly presets?: readonly Preset[] }): ReactNode {
  const messages = useMessages(uiMessages);
  const format = useFormat();
  const ends = [value.from === undefined ? "…" : format.date(value.from), value.to === undefined ? "…" : format.date(value.to - 1)];
  const text = value.preset === "custom" ? ends.join(" – ") : messages.ranges[value.preset];
  return (
    <Popover label={messages.range} align="end" button={(props) => <Button icon={<CalendarDays />} aria-label={`${messages.range}: ${text}`} {...props}>{text}</Button>}>
      {(close) => (
        <div className="range-picker">
          <div className="menu">
            {presets.map((preset) => (
              <button
                key={preset}
                type="button"
                className="menu-item"
                aria-pressed={preset === value.preset}
                onClick={() => {
                  onChange(presetRange(preset));
                  close();
                }}
              >
                {messages.ranges[preset]}
              </button>
            ))}
          </div>
          <CustomRange value={value} onApply={(range) => (onChange(range), close())} />
        </div>
      )}
    </Popover>
  );
}

function CustomRange({ value, onApply }: { readonly value: DateRange; readonly onApply: (range: DateRange) => void }): ReactNode {
  const messages = useMessages(uiMessages);
  const [from, setFrom] = useState(value.from === undefined ? "" : dayText(value.from));
  const [to, setTo] = useState(dayText((value.to ?? Date.now() + 1) - 1));
  const backwards = from !== "" && to !== "" && from > to;
  return (
    <form
      className="stack range-custom"
      onSubmit={(event) => {
        event.preventDefault();
        if (!backwards) onApply(customRange(from, to));
      }}
    >
      <Field label={messages.from}>{({ id }) => <input id={id} className="input" type="date" value={from} max={to} onChange={(event) => setFrom(event.target.value)} />}</Field>
      <Field label={messages.to}>{({ id }) => <input id={id} className="input" type="date" value={to} min={from} onChange={(event) => setTo(event.target.value)} />}</Field>
      <Button type="submit" variant="primary" disabled={backwards || (from === "" && to === "")}>{messages.apply}</Button>
    </form>
  );
}
