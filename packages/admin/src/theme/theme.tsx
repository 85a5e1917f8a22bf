import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";
import { readPreference, writePreference } from "./preference.ts";

export const THEME_CHOICES = ["system", "light", "dark"] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

interface ThemeState {
  readonly choice: ThemeChoice;
  /** What is shown: `system` is resolved. */
  readonly shown: "light" | "dark";
  choose(choice: ThemeChoice): void;
}

const Context = createContext<ThemeState>({ choice: "system", shown: "light", choose: () => undefined });
const systemIsDark = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");

function keptChoice(): ThemeChoice {
  return THEME_CHOICES.find((choice) => choice === readPreference("theme")) ?? "system";
}

function resolve(choice: ThemeChoice): "light" | "dark" {
  return choice === "system" ? (systemIsDark().matches ? "dark" : "light") : choice;
}

/** Before anything is drawn, so that nothing flashes. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = resolve(keptChoice());
}

export function ThemeProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [choice, setChoice] = useState(keptChoice);
  const [shown, setShown] = useState(() => resolve(choice));
  useEffect(() => {
    const follow = (): void => setShown(resolve(choice));
    follow();
    const system = systemIsDark();
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, [choice]);
  useEffect(() => {
    document.documentElement.dataset.theme = shown;
  }, [shown]);
  const state = useMemo<ThemeState>(() => ({
    choice,
    shown,
    choose(next) {
      writePreference("theme", next);
      setChoice(next);
    },
  }), [choice, shown]);
  return <Context value={state}>{children}</Context>;
}

export function useTheme(): ThemeState {
  return use(Context);
}
