import Check from "lucide-react/icons/check";
import Copy from "lucide-react/icons/copy";
import { useEffect, useState, type ReactNode } from "react";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "../i18n/ui-messages.ts";
import { Button } from "./button.tsx";

/** Copies `text`; says so for a moment. With `label`, a button with words, else an icon. */
export function CopyButton({ text, label, variant = "ghost" }: { readonly text: string; readonly label?: string; readonly variant?: "ghost" | "secondary" | "primary" }): ReactNode {
  const [copied, setCopied] = useState(false);
  const messages = useMessages(uiMessages);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (): void => void copyText(text).then((done) => setCopied(done));
  const icon = copied ? <Check /> : <Copy />;
  return (
    <>
      {label === undefined
        ? <Button variant={variant} size="small" icon={icon} aria-label={messages.copy} title={messages.copy} onClick={copy} />
        : <Button variant={variant} icon={icon} onClick={copy}>{copied ? messages.copied : label}</Button>}
      <span className="unseen" role="status">{copied ? messages.copied : ""}</span>
    </>
  );
}

/** Browsers give the clipboard only to https and localhost; elsewhere the old way still works. */
async function copyText(text: string): Promise<boolean> {
  if (window.isSecureContext) {
    const done = await navigator.clipboard.writeText(text).then(() => true, () => false);
    if (done) return true;
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
