import type { ReactNode } from "react";
export default function SignInPage(): ReactNode { return <div />; }
