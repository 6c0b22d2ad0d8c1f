using System.Reflection;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Runtime.Tests.Hosting;

/// <summary>A key of a node's configuration, with a right value and wrong ones.</summary>
/// <param name="Key">The key below <c>ActorFlow</c>.</param>
/// <param name="Right">A value other than the default.</param>
/// <param name="Value">Reads the value from the options.</param>
/// <param name="Expected">What the right value means.</param>
internal sealed record Setting(string Key, string Right, Func<ActorFlowOptions, object> Value, object Expected)
{
    /// <summary>Wrong values, each with what the line that refuses it says after the key.</summary>
    public required (string Text, string Says)[] Wrong { get; init; }

    /// <summary>Other settings that the right value needs.</summary>
    public (string Key, string Text)[] Needs { get; init; } = [];

    public static IReadOnlyList<Setting> All { get; } =
    [
        new("Cluster:SystemName", "flows", o => o.Cluster.SystemName, "flows")
        {
            Wrong = [("my node", " must consist of letters, digits and '-'; it is 'my node'.")],
        },
        new("Cluster:Host", "localhost", o => o.Cluster.Host, "localhost") { Wrong = [(" ", " must name an address; it is empty.")] },
        new("Cluster:Port", "4053", o => o.Cluster.Port, 4053)
        {
            Wrong = [("70000", " must lie between 0 and 65535; it is 70000."), ("http", " must be a whole number, 0 to 65535; it is 'http'.")],
        },
        new("Cluster:Roles", "api, worker", o => string.Join('+', o.Cluster.Roles), "api+worker")
        {
            Wrong = [("wroker", " must name one or more of workflow, worker, api; it names 'wroker'."), (",", " must name one or more of workflow, worker, api; it is empty.")],
        },
        new("Cluster:SeedNodes", "akka.tcp://a@b:1,akka.tcp://a@c:2", o => o.Cluster.SeedNodes.Count, 2)
        {
            Wrong = [("localhost:4053", " must hold addresses like akka.tcp://actorflow@host:4053; it holds 'localhost:4053'.")],
        },
        new("Cluster:RememberRuns", "false", o => o.Cluster.RememberRuns, false) { Wrong = [("no", " must be true or false; it is 'no'.")] },
        new("Persistence:DataDirectory", "elsewhere", o => o.Persistence.DataDirectory, "elsewhere") { Wrong = [(" ", " must name a directory.")] },
        new("Persistence:Journal", "memory", o => o.Persistence.Journal, JournalKind.Memory)
        {
            Wrong = [("postgre", " must be ActorFlow, Stock, Postgres or Memory (did you mean Postgres?); it is 'postgre'."), ("1", " must be ActorFlow, Stock, Postgres or Memory; it is '1'.")],
        },
        new("Persistence:ConnectionString", "Host=h", o => o.Persistence.ConnectionString, "Host=h")
        {
            Needs = [("Persistence:Journal", "Postgres")],
            Wrong = [("Host=h;Password=x", " must be empty unless Journal is Postgres.")],
        },
        new("Persistence:Writers", "4", o => o.Persistence.Writers, 4)
        {
            Wrong = [("0", " must lie between 1 and 16; it is 0."), ("two", " must be a whole number, 1 to 16; it is 'two'.")],
        },
        new("Persistence:Synchronous", "normal", o => o.Persistence.Synchronous, SqliteSynchronous.Normal)
        {
            Wrong = [("off", " must be Full or Normal; it is 'off'.")],
        },
        Duration("Persistence:CallTimeout", "2m", o => o.Persistence.CallTimeout, 120, "99ms", "100ms", "10m"),
        new("Persistence:RetryWindow", "00:00:30", o => o.Persistence.RetryWindow, TimeSpan.FromSeconds(30))
        {
            Wrong =
            [
                ("61s", " must not be longer than CallTimeout, 1m 0s; it is 1m 1s."),
                ("-00:00:01", " must lie between 0s and 10m; it is -00:00:01."),
                ("50", " must be a duration such as 10s or 00:00:10, 0s to 10m; it is '50'."),
            ],
        },
        new("Worker:Slots:default", "3", o => string.Join('+', o.Worker.Slots), "[default, 3]")
        {
            Wrong = [("0", " must be 1 or more; it is 0."), ("all", " must be a whole number, 1 or more; it is 'all'.")],
        },
        new("Worker:SecretsDirectory", AppContext.BaseDirectory, o => o.Worker.SecretsDirectory, AppContext.BaseDirectory)
        {
            Wrong = [("nowhere", " names the directory nowhere, which is not there.")],
        },
        Duration("Worker:Grace", "9s", o => o.Worker.Grace, 9, "2d", "0s", "1d"),
        Duration("Worker:InventoryInterval", "1s", o => o.Worker.InventoryInterval, 1, "6s", "1ms", "5s"),
        Number("Worker:PayloadLimit", o => o.Worker.PayloadLimit, 2_000, least: 1),
        Number("Worker:MessageLimit", o => o.Worker.MessageLimit, 2_000, least: 100),
        Number("Worker:UnacknowledgedLimit", o => o.Worker.UnacknowledgedLimit, 2_000, least: 1),
        Number("Worker:UnacknowledgedBytes", o => o.Worker.UnacknowledgedBytes, 2_000L, least: 1),
        Number("Queues:Capacity", o => o.Queues.Capacity, 2_000, least: 1),
        Number("Queues:CapacityPerKey", o => o.Queues.CapacityPerKey, 2_000, least: 1),
        Number("Queues:UnroutableCapacity", o => o.Queues.UnroutableCapacity, 2_000, least: 1),
        Duration("Queues:WaitPerLevel", "1m", o => o.Queues.WaitPerLevel, 60, "0", "1ms", "1d"),
        new("Queues:Grace", "11s", o => o.Queues.Grace, TimeSpan.FromSeconds(11))
        {
            Wrong =
            [
                ("9s", " must not be less than Worker:Grace, 10s; it is 9s."),
                ("2d", " must lie between 0s and 1d; it is 2d."),
                ("ten", " must be a duration such as 10s or 00:00:10, 0s to 1d; it is 'ten'."),
            ],
        },
        Duration("Queues:Backstop", "20s", o => o.Queues.Backstop, 20, "2d", "0s", "1d"),
        Duration("Queues:HostReturn", "20s", o => o.Queues.HostReturn, 20, "2d", "0s", "1d"),
        Duration("Queues:InventoryWait", "20s", o => o.Queues.InventoryWait, 20, "2d", "0s", "1d"),
        Duration("Retention", "7d", o => o.Retention, 7 * 86_400, "-00:00:01", "0s", "36500d"),
        Duration("PassivateAfter", "1m", o => o.PassivateAfter, 60, "9ms", "10ms", "1d"),
        Duration("Index:WakeUpInterval", "2s", o => o.Index.WakeUpInterval, 2, "2m", "10ms", "1m"),
        Duration("Index:PurgeInterval", "2s", o => o.Index.PurgeInterval, 2, "2d", "1s", "1d"),
        new("Hocon", "akka.loglevel = ERROR", o => o.Hocon, "akka.loglevel = ERROR") { Wrong = [("akka.actor = ${nowhere}", " cannot be read: ")] },
    ];

    /// <summary>The keys that the classes have.</summary>
    public static IEnumerable<string> KeysOf(Type options, string prefix = "") =>
        options.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property =>
            property.PropertyType.Namespace!.StartsWith("ActorFlow", StringComparison.Ordinal) && property.PropertyType.IsClass
                ? KeysOf(property.PropertyType, $"{prefix}{property.Name}:")
                : [prefix + property.Name]);

    private static Setting Number(string key, Func<ActorFlowOptions, object> value, object right, int least) => new(key, $"{right}", value, right)
    {
        Wrong = [($"{least - 1}", $" must be {least} or more; it is {least - 1}."), ("1k", $" must be a whole number, {least} or more; it is '1k'.")],
    };

    private static Setting Duration(
        string key, string right, Func<ActorFlowOptions, object> value, int seconds, string outside, string least, string most) =>
        new(key, right, value, TimeSpan.FromSeconds(seconds))
        {
            Wrong =
            [
                (outside, $" must lie between {least} and {most}; it is {(outside == "0" ? "0s" : outside)}."),
                ("10", $" must be a duration such as 10s or 00:00:10, {least} to {most}; it is '10'."),
            ],
        };
}
