import { Component, type ReactNode } from "react";
import { useMessages } from "../i18n/language.tsx";
import { shellMessages } from "../i18n/shell-messages.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/states.tsx";

/** A page that throws does not take the others with it. */
export class PageBoundary extends Component<{ readonly children: ReactNode }, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    return this.state.error === undefined ? this.props.children : <Crashed error={this.state.error} />;
  }
}

function Crashed({ error }: { readonly error: unknown }): ReactNode {
  const messages = useMessages(shellMessages);
  return (
    <div className="page" role="alert">
      <EmptyState title={messages.crashed} action={<Button variant="primary" onClick={() => location.reload()}>{messages.reload}</Button>}>
        <p className="mono">{error instanceof Error ? error.message : String(error)}</p>
      </EmptyState>
    </div>
  );
}
