import Check from "lucide-react/icons/check";
import { useEffect, useState, type ReactNode } from "react";
import { Navigate } from "react-router";
import { useRead } from "../../api/hooks.ts";
import { useMessages } from "../../i18n/language.tsx";
import { useSession } from "../../session/session.tsx";
import { Door } from "../../ui/door.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { ClientKeyStep } from "./client-key-step.tsx";
import { FirstCallStep } from "./first-call-step.tsx";
import { ManagementKeyStep } from "./management-key-step.tsx";
import { setupMessages } from "./setup-messages.ts";
import { UpstreamStep } from "./upstream-step.tsx";

const STEPS = ["managementKey", "upstream", "clientKey", "firstCall"] as const;

/** The token of the printed link. It stands behind `#`, so no server and no log has seen it. */
function tokenOfLink(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get("token") ?? undefined;
}

/** Leads through the first run. Whoever comes back later goes on with the first step that is not done. */
export default function SetupPage(): ReactNode {
  const messages = useMessages(setupMessages);
  const session = useSession();
  const [token] = useState(tokenOfLink);
  const signedIn = session.data?.signedIn === true;
  const state = useRead("checkSetup", undefined, { enabled: signedIn });
  const [now, setNow] = useState<number>();
  const [clientKey, setClientKey] = useState<string>();
  useEffect(() => {
    document.title = `${messages.title} · Dragoman`;
  }, [messages]);
  useEffect(() => {
    if (now === undefined && state.data !== undefined) {
      const missing = STEPS.findIndex((step) => state.data[step] === false);
      setNow(missing === -1 ? STEPS.length - 1 : Math.max(1, missing));
    }
  }, [now, state.data]);
  if (session.isSuccess && !signedIn && token === undefined && now === undefined) {
    return session.data.setup ? <Door><EmptyState title={messages.needsLink}>{messages.needsLinkText}</EmptyState></Door> : <Navigate to="/sign-in" replace />;
  }
  const at = now ?? 0;
  const next = (): void => setNow(at + 1);
  const bodies = [
    <ManagementKeyStep key="key" token={token ?? ""} onDone={() => setNow(1)} onBegun={() => setNow(0)} />,
    <UpstreamStep key="upstream" onDone={next} />,
    <ClientKeyStep key="client" made={clientKey} onMade={setClientKey} onDone={next} />,
    <FirstCallStep key="call" clientKey={clientKey} />,
  ];
  return (
    <Door wide>
      <div className="stack">
        <div>
          <h1>{messages.title}</h1>
          <p className="page-description">{messages.lead}</p>
        </div>
        <ol className="steps">
          {STEPS.map((step, index) => (
            <li key={step} className="card step" data-state={index < at ? "done" : index === at ? "now" : "later"} aria-current={index === at ? "step" : undefined}>
              <div className="step-head">
                <span className="step-mark" aria-hidden="true">{index < at ? <Check /> : index + 1}</span>
                <h2>{messages.steps[step]}</h2>
              </div>
              {index === at && session.isSuccess && <div className="step-body">{bodies[index]}</div>}
            </li>
          ))}
        </ol>
      </div>
    </Door>
  );
}
