namespace ActorFlow.Perf.Running;

/// <summary>Repeats a body until two rounds agree within a tenth: a cold node is half as fast.</summary>
/// <param name="FewestRounds">How many rounds there are in any case.</param>
/// <param name="MostRounds">After how many it has to be warm.</param>
/// <param name="MostTime">After which time it has to be warm.</param>
internal sealed record WarmUp(int FewestRounds, int MostRounds, TimeSpan MostTime)
{
    private const double Agreement = 0.1;

    /// <summary>What a full run takes.</summary>
    public static readonly WarmUp Full = new(3, 12, TimeSpan.FromSeconds(20));

    /// <summary>What a quick run takes.</summary>
    public static readonly WarmUp Quick = new(2, 4, TimeSpan.FromSeconds(3));

    /// <summary>Repeats a round.</summary>
    /// <param name="round">Runs it and says how long it took.</param>
    /// <returns>How many rounds it took, and whether the last two agree.</returns>
    public (int Rounds, bool Agrees) Repeat(Func<TimeSpan> round)
    {
        var (before, total) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var rounds = 1; ; rounds++)
        {
            var took = round();
            total += took;
            var agrees = before > TimeSpan.Zero && Math.Abs(1 - (took / before)) <= Agreement;
            if ((agrees && rounds >= FewestRounds) || rounds >= MostRounds || total >= MostTime)
            {
                return (rounds, agrees);
            }

            before = took;
        }
    }
}
