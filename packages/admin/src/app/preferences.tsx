import Monitor from "lucide-react/icons/monitor";
import Moon from "lucide-react/icons/moon";
import Sun from "lucide-react/icons/sun";
import type { ReactNode } from "react";
import { useLanguage, useMessages } from "../i18n/language.tsx";
import { LANGUAGES } from "../i18n/languages.ts";
import { shellMessages } from "../i18n/shell-messages.ts";
import { Segments } from "../ui/tabs.tsx";
import { THEME_CHOICES, useTheme } from "../theme/theme.tsx";

const ICONS = { system: <Monitor />, light: <Sun />, dark: <Moon /> };
const SHORT = { en: "EN", zh: "中" };

export function ThemeSwitch(): ReactNode {
  const messages = useMessages(shellMessages);
  const theme = useTheme();
  return <Segments label={messages.theme} value={theme.choice} onChange={theme.choose} options={THEME_CHOICES.map((id) => ({ id, label: ICONS[id], title: messages.themes[id] }))} />;
}

export function LanguageSwitch(): ReactNode {
  const messages = useMessages(shellMessages);
  const { language, choose } = useLanguage();
  return <Segments label={messages.language} value={language} onChange={choose} options={LANGUAGES.map((id) => ({ id, label: SHORT[id] }))} />;
}
