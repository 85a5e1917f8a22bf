import type { ReactNode } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { shellMessages } from "../../i18n/shell-messages.ts";
import { Page } from "../../ui/page.tsx";
import { EmptyState } from "../../ui/states.tsx";

export default function SettingsPage(): ReactNode {
  const messages = useMessages(shellMessages);
  return <Page title={messages.pages.settings}><EmptyState title="…" /></Page>;
}
