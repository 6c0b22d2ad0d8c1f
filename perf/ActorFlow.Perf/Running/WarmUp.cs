namespace ActorFlow.Perf.Running;

/// <summary>
/// Repeats a body until two rounds agree within a tenth while .NET compiles next to nothing: a cold node is half as fast, and rounds
/// agree by chance long before all that is called often has been compiled with care.
/// </summary>
/// <param name="FewestRounds">How many rounds there are in any case.</param>
/// <param name="MostRounds">After how many it has to be warm.</param>
/// <param name="MostTime">After which time it has to be warm.</param>
internal sealed record WarmUp(int FewestRounds, int MostRounds, TimeSpan MostTime)
{
    private const double Agreement = 0.1;

    /// <summary>The share of a round in which .NET may compile, on any thread.</summary>
    private const double Compiling = 0.1;

    /// <summary>What a full run takes.</summary>
    public static readonly WarmUp Full = new(3, 40, TimeSpan.FromSeconds(20));

    /// <summary>
    /// What a spec of throughput takes in a full run. .NET postpones optimized code as long as new methods keep appearing, so that a cold node
    /// agrees with itself at a third of its speed.
    /// </summary>
    public static readonly WarmUp Throughput = Full with { LeastTime = TimeSpan.FromSeconds(10), MostTime = TimeSpan.FromSeconds(30) };

    /// <summary>What a quick run takes.</summary>
    public static readonly WarmUp Quick = new(2, 4, TimeSpan.FromSeconds(3));

    /// <summary>How long it takes in any case, however often that repeats the body. The default is no time.</summary>
    public TimeSpan LeastTime { get; init; }

    /// <summary>Repeats a round.</summary>
    /// <param name="round">Runs it.</param>
    /// <returns>How many rounds it took, and whether the last two agree, with next to nothing compiled in the last.</returns>
    public (int Rounds, bool Agrees) Repeat(Func<WarmUpRound> round)
    {
        var (before, total) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var rounds = 1; ; rounds++)
        {
            var (took, compiling) = round();
            total += took;
            var agrees = before > TimeSpan.Zero && Math.Abs(1 - (took / before)) <= Agreement && compiling <= took * Compiling;
            if ((((agrees && rounds >= FewestRounds) || rounds >= MostRounds) && total >= LeastTime) || total >= MostTime)
            {
                return (rounds, agrees);
            }

            before = took;
        }
    }
}

/// <summary>A round of warming up.</summary>
/// <param name="Took">How long it took.</param>
/// <param name="Compiling">How long .NET compiled meanwhile.</param>
internal readonly record struct WarmUpRound(TimeSpan Took, TimeSpan Compiling);
