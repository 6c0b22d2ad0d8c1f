using System.Globalization;
using ActorFlow.Perf;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var filter = args is ["--filter", var word] ? word : null;
if (args.Length > 0 && filter is null)
{
    Console.Error.WriteLine("usage: ActorFlow.Perf [--filter cold|ready|warm|memory|recorded|checkpoints|parked|timers|loop]");
    return 2;
}

var recorded = Path.Combine(Command.Root, "..", "shared", "data", "wfinstances");
var groups = new (string Name, Func<IAsyncEnumerable<Measured>> Measure)[]
{
    ("cold", ColdStarts.MeasureAsync),
    ("ready", Readiness.MeasureAsync),
    ("warm", WarmRuns.MeasureAsync),
    ("memory", Memory.MeasureAsync),
    ("checkpoints", Checkpoints.MeasureAsync),
    ("parked", Waiting.MeasureParkedAsync),
    ("timers", Waiting.MeasureTimersAsync),
    ("loop", Waiting.MeasureLoopAsync),
    ("recorded", () => RecordedWorkflows.MeasureAsync(recorded)),
};

Console.WriteLine($"{Environment.ProcessorCount} processors, {Environment.OSVersion}, .NET {Environment.Version}; SQLite, WAL, synchronous=FULL; medians of 5");
var missed = 0;
foreach (var (name, measure) in groups.Where(group => filter is null || group.Name == filter))
{
    if (name == "recorded" && !Directory.Exists(recorded))
    {
        Console.WriteLine($"{name}: skipped, there is no {recorded}");
        continue;
    }

    await foreach (var measured in measure())
    {
        missed += measured.IsMet ? 0 : 1;
        Console.WriteLine(
            $"{measured.Bar.Name,-72} {Bar.Format(measured.Median),8} {measured.Bar.Unit,-8} bar {measured.Bar.Words,-16} {(measured.IsMet ? "met" : "MISSED"),-7}"
            + $"({Bar.Format(measured.Values.Min())} to {Bar.Format(measured.Values.Max())})");
    }
}

Console.WriteLine(missed == 0 ? "Every bar is met." : $"{missed} missed.");
return missed == 0 ? 0 : 1;
