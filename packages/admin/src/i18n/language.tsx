import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";
import { readPreference, writePreference } from "../theme/preference.ts";
import type { Catalogue, Translated } from "./define-messages.ts";
import type { Language } from "./languages.ts";

interface LanguageChoice {
  readonly language: Language;
  choose(language: Language): void;
}

const Context = createContext<LanguageChoice>({ language: "en", choose: () => undefined });

function firstLanguage(): Language {
  const kept = readPreference("language");
  if (kept === "en" || kept === "zh") return kept;
  return navigator.languages.find((tag) => /^(en|zh)\b/i.test(tag))?.slice(0, 2).toLowerCase() === "zh" ? "zh" : "en";
}

export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  const choice = useMemo<LanguageChoice>(() => ({
    language,
    choose(next) {
      writePreference("language", next);
      setLanguage(next);
    },
  }), [language]);
  return <Context value={choice}>{children}</Context>;
}

export function useLanguage(): LanguageChoice {
  return use(Context);
}

/** The words of one subject in the chosen language. */
export function useMessages<T>(catalogue: Catalogue<T>): Translated<T> {
  return catalogue[useLanguage().language] as Translated<T>;
}
