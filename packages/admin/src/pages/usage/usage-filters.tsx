import ListFilter from "lucide-react/icons/list-filter";
import X from "lucide-react/icons/x";
import { useState, type ReactNode } from "react";
import { useRead } from "../../api/hooks.ts";
import { useFormat } from "../../format/use-format.ts";
import { dialectName, domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../i18n/ui-messages.ts";
import { Button } from "../../ui/button.tsx";
import { Segments } from "../../ui/tabs.tsx";
import { Popover } from "../../ui/menu.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { Loaded } from "../../ui/states.tsx";
import { usageMessages } from "./usage-messages.ts";
import { FILTERS, type Filter, type UsageQuestion } from "./usage-question.ts";

/** The filters that are set, each with a way out, and a button for more. */
export function UsageFilters({ question }: { readonly question: UsageQuestion }): ReactNode {
  const messages = useMessages(usageMessages);
  const set = Object.entries(question.filters).filter(([, values]) => values.length > 0) as readonly (readonly [Filter, readonly string[]])[];
  return (
    <div className="filter-bar">
      <Popover label={messages.filterBy} button={(props) => <Button icon={<ListFilter />} {...props}>{messages.addFilter}</Button>}>
        {() => <FilterPicker question={question} />}
      </Popover>
      {set.map(([name, values]) => <FilterChips key={name} name={name} values={values} question={question} />)}
      {set.length > 0 && <Button variant="ghost" size="small" onClick={() => question.search.set(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}>{messages.clearFilters}</Button>}
    </div>
  );
}

function FilterChips({ name, values, question }: { readonly name: Filter; readonly values: readonly string[]; readonly question: UsageQuestion }): ReactNode {
  const domain = useMessages(domainMessages);
  const ui = useMessages(uiMessages);
  const labels = useFilterLabels(name, question);
  return values.map((value) => {
    const label = labels.get(value) ?? value;
    return (
      <span key={value} className="chip">
        <span className="muted">{domain.dimensions[name]}</span> {label}
        <button type="button" aria-label={ui.remove(label)} onClick={() => question.search.set({ [name]: values.filter((other) => other !== value) })}><X /></button>
      </span>
    );
  });
}

/** Names of the values that occur in the range, whatever else is filtered. */
function useFilterLabels(name: Filter, question: UsageQuestion): ReadonlyMap<string, string> {
  const { dialects } = useMessages(domainMessages);
  const { from, to } = question.query;
  const { data } = useRead("usageSummary", { query: { groupBy: name, from, to } }, { keep: true });
  return new Map((data?.rows ?? []).filter(({ dimensions }) => dimensions[name] !== undefined).map(({ dimensions, labels }) => {
    const value = String(dimensions[name]);
    return [value, name === "dialect" ? dialectName(dialects, value) : (labels[name] ?? value)];
  }));
}

function FilterPicker({ question }: { readonly question: UsageQuestion }): ReactNode {
  const domain = useMessages(domainMessages);
  const messages = useMessages(usageMessages);
  const [name, setName] = useState<Filter>("model");
  return (
    <div className="filter-picker">
      <Segments label={messages.filterBy} value={name} onChange={setName} options={FILTERS.map((id) => ({ id, label: domain.dimensions[id] }))} />
      <FilterChoices key={name} name={name} question={question} />
    </div>
  );
}

function FilterChoices({ name, question }: { readonly name: Filter; readonly question: UsageQuestion }): ReactNode {
  const messages = useMessages(usageMessages);
  const { dialects } = useMessages(domainMessages);
  const format = useFormat();
  const [text, setText] = useState("");
  const { from, to } = question.query;
  const query = useRead("usageSummary", { query: { groupBy: name, from, to } });
  const chosen = question.filters[name] ?? [];
  const toggle = (value: string): void => question.search.set({ [name]: chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value] });
  return (
    <Loaded query={query}>
      {({ rows }) => {
        const choices = rows.filter(({ dimensions }) => dimensions[name] !== undefined)
          .map(({ dimensions, labels, requests }) => ({ value: String(dimensions[name]), label: name === "dialect" ? dialectName(dialects, String(dimensions[name])) : (labels[name] ?? String(dimensions[name])), requests }))
          .sort((one, other) => other.requests - one.requests);
        if (choices.length === 0) return <p className="muted">{messages.noChoices}</p>;
        return (
          <>
            {choices.length > 8 && <SearchField value={text} onChange={setText} />}
            <ul className="choices">
              {choices.filter(({ label }) => label.toLowerCase().includes(text.toLowerCase())).map(({ value, label, requests }) => (
                <li key={value}>
                  <label>
                    <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
                    <span className="choice-label">{label}</span>
                    <span className="muted number">{format.compact(requests)}</span>
                  </label>
                </li>
              ))}
            </ul>
          </>
        );
      }}
    </Loaded>
  );
}
