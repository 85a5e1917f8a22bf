import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { classNames } from "./class-names.ts";
import { Spinner } from "./spinner.tsx";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary` once on a view; `ghost` in rows and bars. */
  readonly variant?: "primary" | "secondary" | "ghost" | "danger";
  readonly size?: "small" | "medium";
  readonly icon?: ReactNode;
  /** Something is under way: shown, and not pressed twice. */
  readonly busy?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant = "secondary", size = "medium", icon, busy = false, className, children, disabled, type = "button", ...rest }: ButtonProps): ReactNode {
  return (
    <button type={type} className={classNames("button", `button-${variant}`, size === "small" && "button-small", children === undefined && "button-square", className)} disabled={disabled === true || busy} aria-busy={busy || undefined} {...rest}>
      {busy ? <Spinner /> : icon}
      {children !== undefined && <span className="button-label">{children}</span>}
    </button>
  );
}

/** A button that is only an icon; `label` says what it does. */
export function IconButton({ label, variant = "ghost", ...rest }: Omit<ButtonProps, "children"> & { readonly label: string }): ReactNode {
  return <Button variant={variant} aria-label={label} title={label} {...rest} />;
}
