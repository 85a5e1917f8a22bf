import type { ReactNode } from "react";

export function Logo(): ReactNode {
  return (
    <span className="logo">
      <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="var(--accent)" />
        <path d="M9 8h7a8 8 0 0 1 0 16H9v-4.500M9 12.500V8M6.500 16h9m0 0-3-3m3 3-3 3" fill="none" stroke="var(--on-accent)" strokeWidth="2.400" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      Dragoman
    </span>
  );
}
