import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, type ComponentType, type ReactNode } from "react";
import { BrowserRouter, Link, Route, Routes } from "react-router";
import { ApiError } from "../api/api-error.ts";
import { LanguageProvider, useMessages } from "../i18n/language.tsx";
import { shellMessages } from "../i18n/shell-messages.ts";
import { SessionGate } from "../session/session.tsx";
import { ThemeProvider } from "../theme/theme.tsx";
import { ConfirmProvider } from "../ui/confirm.tsx";
import { EmptyState } from "../ui/states.tsx";
import { ToastProvider } from "../ui/toast.tsx";
import type { PageId } from "./page-list.ts";
import { PAGES } from "./page-list.ts";
import { Shell } from "./shell.tsx";

/** Each page is a file of its own, fetched when it is first opened. */
const VIEWS: Readonly<Record<PageId, ComponentType>> = {
  overview: lazy(() => import("../pages/overview/overview-page.tsx")),
  live: lazy(() => import("../pages/live/live-page.tsx")),
  usage: lazy(() => import("../pages/usage/usage-page.tsx")),
  access: lazy(() => import("../pages/access/access-page.tsx")),
  accounts: lazy(() => import("../pages/accounts/accounts-page.tsx")),
  providers: lazy(() => import("../pages/providers/providers-page.tsx")),
  models: lazy(() => import("../pages/models/models-page.tsx")),
  playground: lazy(() => import("../pages/playground/playground-page.tsx")),
  connect: lazy(() => import("../pages/connect/connect-page.tsx")),
  config: lazy(() => import("../pages/config/config-page.tsx")),
  logs: lazy(() => import("../pages/logs/logs-page.tsx")),
  audit: lazy(() => import("../pages/audit/audit-page.tsx")),
  settings: lazy(() => import("../pages/settings/settings-page.tsx")),
};
const LiveRequest = lazy(() => import("../pages/live/request-page.tsx"));
const SignIn = lazy(() => import("../pages/sign-in/sign-in-page.tsx"));
const Setup = lazy(() => import("../pages/setup/setup-page.tsx"));

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      // Refusals stay refusals; only a server that is away is asked again.
      retry: (failures, error) => failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 502),
    },
  },
});

export function App(): ReactNode {
  return (
    <QueryClientProvider client={queries}>
      <ThemeProvider>
        <LanguageProvider>
          <ToastProvider>
            <ConfirmProvider>
              {/* Fields whose text stands in the address must be updated at once: a transition would swallow letters. */}
              <BrowserRouter basename="/admin" useTransitions={false}>
                <AppRoutes />
              </BrowserRouter>
            </ConfirmProvider>
          </ToastProvider>
        </LanguageProvider>
      </ThemeProvider>
    </QueryClientProvider>
  );
}

function AppRoutes(): ReactNode {
  return (
    <Suspense fallback={null}>
      <Routes>
        <Route path="/sign-in" element={<SignIn />} />
        <Route path="/setup" element={<Setup />} />
        <Route element={<SessionGate />}>
          <Route element={<Shell />}>
            {PAGES.map(({ id, path }) => {
              const View = VIEWS[id];
              return <Route key={id} path={path} element={<View />} />;
            })}
            <Route path="/live/:requestId" element={<LiveRequest />} />
            <Route path="*" element={<NotFound />} />
          </Route>
        </Route>
      </Routes>
    </Suspense>
  );
}

function NotFound(): ReactNode {
  const messages = useMessages(shellMessages);
  return <div className="page"><EmptyState title={messages.notFound} action={<Link className="button button-secondary" to="/">{messages.toOverview}</Link>} /></div>;
}
