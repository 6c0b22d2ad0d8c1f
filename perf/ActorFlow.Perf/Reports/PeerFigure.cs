namespace ActorFlow.Perf.Reports;

/// <summary>A figure that other engines were measured by as well: with the same work, durable, on the same kind of machine, their database and their load on its two processors.</summary>
/// <param name="Workload">The workload's id: P1.</param>
/// <param name="Work">What is done and measured, in words.</param>
/// <param name="Spec">Our spec of it.</param>
/// <param name="Metric">The metric of that spec.</param>
/// <param name="Peers">Who came to what; what is missing was not measured.</param>
internal sealed record PeerFigure(string Workload, string Work, string Spec, string Metric, params IReadOnlyList<(string Name, double Value)> Peers)
{
    /// <summary>When the peers and ours were measured side by side.</summary>
    public const string Session = "2026-11-30";

    /// <summary>
    /// What ours came to in the session of the peers, on SQLite and on PostgreSQL; null means that there was no such session. A ratio holds
    /// within one session only: the machines of two differ by more than half.
    /// </summary>
    public (double Sqlite, double Postgres)? Ours { get; init; }

    /// <summary>Whether nothing of it is durable: it has nothing to do with the store of a run.</summary>
    public bool InMemory { get; init; }

    /// <summary>All of them, in the order of their workloads.</summary>
    public static IReadOnlyList<PeerFigure> All { get; } =
    [
        new("P1", "10 steps in a row, alone", "P1-1", "p50", (Restate, 10.6), (Orleans, 8.4), (Dbos, 12.5)) { Ours = (1.8, 3.0) },
        new("P1", "10 steps in a row, 100 at once: runs", "P1-100", "workflows/s", (Restate, 424), (Orleans, 301), (Dbos, 194)) { Ours = (4_956, 3_785) },
        new("P1", "10 steps in a row, 100 at once: processor time of 1,000 steps", "P1-100", "cpu/1000", (Restate, 0.40), (Orleans, 0.61), (Dbos, 0.86)) { Ours = (0.033, 0.047) },
        new("P1", "10 steps in a row, 500 at once: runs", "P1-500", "workflows/s", (Restate, 614), (Orleans, 353), (Dbos, 214)) { Ours = (5_293, 4_468) },
        new("P2", "10 steps side by side, 100 at once: runs", "P2", "workflows/s", (Restate, 582), (Orleans, 685), (Dbos, 145)) { Ours = (7_968, 6_115) },
        new("P3", "10 layers of 10 steps, alone", "P3-1", "p50", (Restate, 18.3), (Orleans, 15.6), (Dbos, 82.5)) { Ours = (3.6, 6.5) },
        new("P3", "10 layers of 10 steps, 16 at once: steps", "P3-16", "tasks/s", (Restate, 9_281), (Orleans, 12_356), (Dbos, 1_680)) { Ours = (126_500, 64_000) },
        new("P4", "one step, 100 at once: runs", "P4", "workflows/s", (Restate, 1_414), (Orleans, 957), (Dbos, 839)) { Ours = (13_775, 8_875) },
        new("P5", "resident after 10,000 runs of one step", "P5", "rss after the runs", (Restate, 521), (Orleans, 410), (Dbos, 290)),
        new("P5", "held by each run that waits", "P5", "parked"),
        new("P5", "processor used while 2,000 runs wait", "P5", "idle cpu", (Dbos, 22)),
        new("P6", "killed with 200 runs in flight: from restart to all complete", "P6", "restart", (Restate, 5.6), (Dbos, 3.4)),
        new("P6", "killed with 200 runs in flight: steps run twice, of 2,000", "P6", "run twice", (Restate, 96), (Dbos, 101)),
        new("P8", "10 steps in a row, 1,000 at once, nothing durable: steps", "P8", "tasks/s", ("loop over a dictionary", 108_000)) { InMemory = true },
    ];

    private const string Restate = "Restate";
    private const string Orleans = "Orleans";
    private const string Dbos = "DBOS";

    /// <summary>The best of the peers; none: none was measured.</summary>
    /// <param name="moreIsBetter">Whether a larger value is the better one.</param>
    public (string Name, double Value)? Best(bool moreIsBetter) =>
        Peers.Count == 0 ? null : moreIsBetter ? Peers.MaxBy(peer => peer.Value) : Peers.MinBy(peer => peer.Value);
}
