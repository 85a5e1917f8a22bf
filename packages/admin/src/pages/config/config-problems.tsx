import type { ReactNode } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { Badge } from "../../ui/badge.tsx";
import { configMessages } from "./config-messages.ts";
import type { ConfigCheck } from "./use-config-check.ts";

interface ConfigProblemsProps {
  readonly check: ConfigCheck | undefined;
  readonly waiting: boolean;
  readonly onShow: (line: number) => void;
}

/** What is wrong, and what is worth knowing; a click goes to the line. */
export function ConfigProblems({ check, waiting, onShow }: ConfigProblemsProps): ReactNode {
  const messages = useMessages(configMessages);
  if (check === undefined) return <p className="muted small">{messages.checking}</p>;
  const entries = [...check.problems.map((entry) => ({ ...entry, tone: "danger" as const, word: messages.problems })), ...check.notes.map((entry) => ({ ...entry, tone: "warning" as const, word: messages.notes }))];
  if (entries.length === 0) return <p role="status"><Badge tone="success" dot>{waiting ? messages.checking : messages.noProblems}</Badge></p>;
  return (
    <ul className="config-problems" role="status">
      {entries.map(({ path, line, message, tone, word }, place) => (
        <li key={place}>
          <button type="button" disabled={line === undefined} onClick={() => line !== undefined && onShow(line)}>
            <Badge tone={tone}>{word}</Badge>
            {line !== undefined && <span className="muted number">{messages.line(String(line))}</span>}
            {path !== "" && <span className="mono">{path}</span>}
            <span>{message}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
