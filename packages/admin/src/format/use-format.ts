import { useMemo } from "react";
import { useLanguage } from "../i18n/language.tsx";
import { createFormat, type Format } from "./format.ts";

export function useFormat(): Format {
  const { language } = useLanguage();
  return useMemo(() => createFormat(language), [language]);
}
