/** What the operator has to know before an account of this kind is used. */
export const FACTORY_TERMS = "Factory's model gateway is made for its own programs; its terms may forbid other uses of a key or a login, and it may close the account.";
