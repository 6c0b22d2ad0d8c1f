using System.Globalization;
using System.Text.RegularExpressions;
using ActorFlow.Core.Tasks;

namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>
/// The world outside a run, the same for the decider and for the reference: how long a handler takes and how it ends depends on
/// nothing but a seed, the task's path, the attempt's number and the input. No two handlers take equally long.
/// </summary>
/// <param name="Seed">Decides how handlers end.</param>
/// <param name="Clock">Decides how long they take.</param>
/// <param name="FailureRate">How many of a hundred attempts fail.</param>
internal sealed partial record World(ulong Seed, ulong Clock, int FailureRate)
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestGrace = TimeSpan.FromSeconds(2);

    /// <summary>Whether signals of one name are all alike, and a child started again goes as it did before.</summary>
    public bool IsTimeless { get; init; }

    /// <summary>How long an attempt takes by itself.</summary>
    public TimeSpan DurationOf(string path, int attempt) => Length(LongestRun, Hash(Clock, "duration", path, Text(attempt)));

    /// <summary>How an attempt ends if nobody interferes.</summary>
    public TaskOutcome EndingOf(string path, int attempt, Payload input)
    {
        var roll = Hash(Seed, "ending", path, Text(attempt));
        if ((int)(roll % 100) >= FailureRate)
        {
            return new TaskOutcome.Succeeded(OutputOf(path, input));
        }

        var (type, retryable) = (roll / 100 % 8) switch
        {
            0 => ("Fatal", false),
            1 or 2 => ("Broken", true),
            3 => (ErrorTypes.HeartbeatTimedOut, true),
            _ => ("Flaky", true),
        };
        return new TaskOutcome.Failed(type, $"{path} attempt {attempt}", retryable, null);
    }

    /// <summary>How long a withdrawn attempt takes to react.</summary>
    public TimeSpan GraceOf(string path, int attempt) => Length(LongestGrace, Hash(Clock, "grace", path, Text(attempt)));

    /// <summary>How a withdrawn attempt reacts; none: it goes on as if nothing had happened.</summary>
    public TaskOutcome? ReactionOf(string path, int attempt, Payload input) => (Hash(Seed, "reaction", path, Text(attempt)) % 12) switch
    {
        0 => new TaskOutcome.Succeeded(OutputOf(path, input)),
        1 => new TaskOutcome.Failed("Flaky", $"{path} withdrawn", true, null),
        2 => TaskOutcome.Abandoned.Instance,
        3 => null,
        4 => TaskOutcome.Lost.Instance,
        5 => TaskOutcome.Released.Instance,
        _ => TaskOutcome.Cancelled.Instance,
    };

    private Payload OutputOf(string path, Payload input)
    {
        var roll = Hash(Seed, "output", path, WithoutTime(input.ToString()));
        if (roll % 16 == 0)
        {
            return Payload.Null;
        }

        return ObjectOf(roll);
    }

    private static Payload ObjectOf(ulong roll)
    {
        var items = string.Join(',', Enumerable.Range(0, (int)(roll / 16 % 4)));
        var flag = roll / 64 % 2 == 0 ? "true" : "false";
        return Payload.Parse($$"""{"n":{{roll / 128 % 5}},"b":{{flag}},"xs":[{{items}}]}""");
    }

    /// <summary>The text without the moments that people's answers carry.</summary>
    public static string WithoutTime(string text) => Moment().Replace(text, "some time");

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")]
    private static partial Regex Moment();

    private static TimeSpan Length(TimeSpan longest, ulong roll) => TimeSpan.FromTicks(1 + (long)(roll % (ulong)longest.Ticks));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // FNV-1a, then mixed: the same on every machine and in every process.
    private static ulong Hash(ulong seed, params ReadOnlySpan<string> parts)
    {
        var hash = 14695981039346656037UL ^ seed;
        foreach (var part in parts)
        {
            foreach (var c in part)
            {
                hash = (hash ^ c) * 1099511628211UL;
            }

            hash = (hash ^ 0x1F) * 1099511628211UL;
        }

        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return hash ^ (hash >> 31);
    }
}
