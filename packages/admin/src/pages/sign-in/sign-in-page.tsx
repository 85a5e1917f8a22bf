import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent, type ReactNode } from "react";
import { Navigate, useNavigate, useSearchParams } from "react-router";
import { ApiError } from "../../api/api-error.ts";
import { useWrite } from "../../api/hooks.ts";
import { useMessages } from "../../i18n/language.tsx";
import { useSession } from "../../session/session.tsx";
import { Button } from "../../ui/button.tsx";
import { Door } from "../../ui/door.tsx";
import { useErrorText } from "../../ui/error-text.ts";
import { SecretField } from "../../ui/fields.tsx";
import { EmptyState, ErrorState } from "../../ui/states.tsx";
import { signInMessages } from "./sign-in-messages.ts";

/** Where to go afterwards: a path of these pages, never an address elsewhere. */
function wantedPage(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) ? next : "/";
}

export default function SignInPage(): ReactNode {
  const messages = useMessages(signInMessages);
  const session = useSession();
  const [params] = useSearchParams();
  const wanted = wantedPage(params.get("next"));
  useEffect(() => {
    document.title = `${messages.title} · Dragoman`;
  }, [messages]);
  if (session.data?.signedIn === true) return <Navigate to={wanted} replace />;
  if (session.data?.setup === true) return <Navigate to={`/setup${location.hash}`} replace />;
  if (session.isError && session.error instanceof ApiError && session.error.status === 404) {
    return <Door><EmptyState title={messages.closed}>{messages.closedText}</EmptyState></Door>;
  }
  if (session.isError) return <Door><ErrorState error={session.error} onRetry={() => void session.refetch()} /></Door>;
  return <Door>{session.isSuccess && <SignInForm wanted={wanted} />}</Door>;
}

function SignInForm({ wanted }: { readonly wanted: string }): ReactNode {
  const messages = useMessages(signInMessages);
  const errorText = useErrorText();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const signIn = useWrite("signIn");
  const [key, setKey] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate({ body: { key } }, {
      onSuccess: async () => {
        await queries.invalidateQueries();
        await navigate(wanted, { replace: true });
      },
    });
  };
  const refused = signIn.error instanceof ApiError && signIn.error.status === 401 ? messages.wrong : signIn.isError ? errorText(signIn.error) : undefined;
  return (
    <form className="card door-card stack" onSubmit={submit}>
      <div>
        <h1>{messages.title}</h1>
        <p className="muted">{messages.lead}</p>
      </div>
      <SecretField label={messages.key} value={key} onChange={setKey} error={refused} hint={messages.keyHint} autoComplete="current-password" name="key" autoFocus />
      <Button type="submit" variant="primary" busy={signIn.isPending} disabled={key === ""}>{messages.action}</Button>
    </form>
  );
}
