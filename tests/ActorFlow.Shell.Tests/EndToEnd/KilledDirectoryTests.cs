using System.Globalization;
using ActorFlow.Tasks.Tests;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>
/// Failure rule 26, by the built command: starts in one data directory, each killed at a random moment, so that many die inside a
/// checkpoint. No later start is refused, and every run that was begun ends.
/// </summary>
public sealed class KilledDirectoryTests : IDisposable
{
    /// <summary>How many starts the long form makes; it runs if the variable says so.</summary>
    private const string LongVariable = "ACTORFLOW_TEST_KILLS";

    private const string Writes =
        """
        name: writes
        tasks:
          m: { for-each: "${{ Array.from({ length: 400 }, (_, i) => i) }}", max-parallel: 16, uses: echo, with: "${{ 'x'.repeat(30000) }}" }
        output: ok
        """;

    private readonly BuiltCommand _command = new();

    public void Dispose() => _command.Dispose();

    [UnixFact]
    public Task Of_a_few_killed_starts_none_is_refused_and_no_run_is_lost() => KillAndResumeAsync(3, seed: 20261130);

    [LongFact(LongVariable)]
    [Trait("suite", "long")]
    public Task Of_two_hundred_killed_starts_none_is_refused_and_no_run_is_lost() =>
        KillAndResumeAsync(int.Parse(Environment.GetEnvironmentVariable(LongVariable)!, CultureInfo.InvariantCulture), seed: 12);

    private async Task KillAndResumeAsync(int starts, int seed)
    {
        _command.Write("writes.yaml", Writes);
        var random = new Random(seed);
        for (var i = 0; i < starts; i++)
        {
            using var running = Start(i);
            if (await running.RunsStillAfterAsync(TimeSpan.FromMilliseconds(random.Next(500, 2_400))))
            {
                running.Kill();
            }

            var end = await running.EndAsync();
            Assert.True(end.ExitCode is 0 or 137, $"start {i} ended with {end.ExitCode}: {end.Error}");
        }

        for (var i = 0; i < starts; i++)
        {
            using var again = Start(i);
            var end = await again.EndAsync();
            Assert.True((end.ExitCode, end.Out) == (0, "\"ok\"\n"), $"run {i} ended with {end.ExitCode}, {end.Out}: {end.Error}");
        }

        var check = await _command.RunAsync("db", "check", "--data", "data", "-o", "json");
        Assert.True(check.ExitCode == 0, check.Out + check.Error);
        Assert.Contains($"\"runs\":{starts}", check.Out);
    }

    private BuiltCommand.Running Start(int i) => _command.Start("run", "writes.yaml", "--id", $"k{i}", "--data", "data", "-q");
}

/// <summary>A test that takes minutes, run when asked for.</summary>
public sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute(string variable) =>
        Skip = Environment.GetEnvironmentVariable(variable) is null or "" ? $"Takes minutes: set {variable} to the number of starts (200)." : null;
}
