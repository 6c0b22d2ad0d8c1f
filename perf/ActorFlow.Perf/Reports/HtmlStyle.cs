namespace ActorFlow.Perf.Reports;

/// <summary>How the page looks.</summary>
internal static class HtmlStyle
{
    /// <summary>Its style sheet.</summary>
    public const string Css =
        """
        :root { color-scheme: light dark; --text: #1c2128; --muted: #667080; --page: #ffffff; --card: #f6f8fa; --line: #d8dee4; --mark: #2563c9; --good: #14733c; --goodback: #dcf3e4; --bad: #b3261e; --badback: #fbe3e1; }
        @media (prefers-color-scheme: dark) { :root { --text: #e3e7ec; --muted: #97a1ae; --page: #14171b; --card: #1d2127; --line: #343b44; --mark: #76a9ff; --good: #6fd397; --goodback: #17351f; --bad: #ff9a92; --badback: #43201e; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 66rem; font: 15px/1.45 system-ui, sans-serif; color: var(--text); background: var(--page); }
        h1 { font-size: 1.5rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: 0; } h3 small { font-weight: 400; color: var(--muted); }
        p { margin: .35rem 0; } .muted { color: var(--muted); font-size: .86rem; }
        .summary { display: inline-block; padding: .25rem .7rem; border-radius: .4rem; font-weight: 600; } .good { color: var(--good); background: var(--goodback); } .bad { color: var(--bad); background: var(--badback); }
        .fault { color: var(--bad); overflow-wrap: anywhere; }
        .scroll { overflow-x: auto; } .scroll td { white-space: nowrap; } .far { fill: var(--bad); } table { border-collapse: collapse; width: 100%; } th { text-align: left; font-size: .8rem; color: var(--muted); font-weight: 600; }
        th, td { padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; } .n { text-align: right; padding-right: 1rem; white-space: nowrap; } td { font-variant-numeric: tabular-nums; } .bars .wide, .bars .limitcell { white-space: nowrap; }
        .verdict { padding: .05rem .45rem; border-radius: .3rem; font-size: .82rem; font-weight: 600; white-space: nowrap; }
        section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; margin: .8rem 0; }
        .metric { display: grid; grid-template-columns: 8rem 9.5rem 15.5rem 1fr 9rem; gap: .2rem .8rem; align-items: center; padding: .3rem 0; border-top: 1px solid var(--line); }
        .name { overflow-wrap: anywhere; } .value { text-align: right; font-variant-numeric: tabular-nums; } .stats { color: var(--muted); font-size: .82rem; }
        svg { display: block; width: 100%; height: auto; } .plot { min-width: 0; }
        .axis { stroke: var(--line); stroke-width: 1.5; } summary { cursor: pointer; margin: .6rem 0; } .dot { fill: var(--mark); fill-opacity: .55; } .mid { stroke: var(--text); stroke-width: 2; } .limit { stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 4 3; }
        .path { fill: none; stroke: var(--mark); stroke-width: 1.5; } .last { fill: var(--mark); } text { fill: var(--muted); font: 10px system-ui, sans-serif; }
        @media (max-width: 44rem) { .wide, .bars thead { display: none; } .bars tr { display: grid; grid-template-columns: 1fr auto auto; column-gap: .8rem; padding: .5rem 0; border-bottom: 1px solid var(--line); } .bars td { border: 0; padding: 0; } .bars .spec { grid-column: 1 / 3; } .bars .verdictcell { grid-column: 3; grid-row: 1; text-align: right; } .bars .metricname { grid-column: 1; grid-row: 2; } .bars .n { grid-column: 2; grid-row: 2; } .bars .limitcell { grid-column: 3; grid-row: 2; text-align: right; } .metric { grid-template-columns: 1fr auto; } .stats, .plot { grid-column: 1 / -1; } .trend { max-width: 12rem; } th, td { padding-right: .4rem; } .n { padding-right: .6rem; } }
        """;
}
