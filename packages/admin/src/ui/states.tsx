import type { UseQueryResult } from "@tanstack/react-query";
import CircleAlert from "lucide-react/icons/circle-alert";
import type { ReactNode } from "react";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "../i18n/ui-messages.ts";
import { Button } from "./button.tsx";
import { useErrorText } from "./error-text.ts";

/** Nothing to show, and what could be done about it. */
export function EmptyState({ icon, title, children, action }: { readonly icon?: ReactNode; readonly title: string; readonly children?: ReactNode; readonly action?: ReactNode }): ReactNode {
  return (
    <div className="empty">
      {icon !== undefined && <div className="empty-icon" aria-hidden="true">{icon}</div>}
      <p className="empty-title">{title}</p>
      {children !== undefined && <div className="empty-text">{children}</div>}
      {action}
    </div>
  );
}

export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }): ReactNode {
  const messages = useMessages(uiMessages);
  const errorText = useErrorText();
  return (
    <div className="empty" role="alert">
      <div className="empty-icon tone-danger" aria-hidden="true"><CircleAlert /></div>
      <p className="empty-title">{messages.failedToLoad}</p>
      <p className="empty-text">{errorText(error)}</p>
      {onRetry !== undefined && <Button onClick={onRetry}>{messages.retry}</Button>}
    </div>
  );
}

/** Grey lines where something will stand. */
export function Skeleton({ lines = 3, height }: { readonly lines?: number; readonly height?: number }): ReactNode {
  const messages = useMessages(uiMessages);
  return (
    <div className="skeleton" role="status" aria-label={messages.loading}>
      {Array.from({ length: lines }, (_, index) => <div key={index} className="skeleton-line" style={height === undefined ? undefined : { height }} />)}
    </div>
  );
}

/** One of three: waiting, failed, or what came. Old data stay in sight when a later reading fails. */
export function Loaded<Data>({ query, skeleton, children }: { readonly query: UseQueryResult<Data, Error>; readonly skeleton?: ReactNode; readonly children: (data: Data) => ReactNode }): ReactNode {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return skeleton ?? <Skeleton />;
}
