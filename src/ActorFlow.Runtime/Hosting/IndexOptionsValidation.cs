namespace ActorFlow.Runtime.Hosting;

/// <summary>Checks how long runs are kept and how often a node looks for runs to wake and to purge; each failure names the key.</summary>
internal static class IndexOptionsValidation
{
    public static IEnumerable<string> Failures(ActorFlowOptions options)
    {
        if (options.PassivateAfter < TimeSpan.FromMilliseconds(10) || options.PassivateAfter > TimeSpan.FromDays(1))
        {
            yield return "PassivateAfter must lie between 10 ms and 1 day.";
        }

        if (options.Retention < TimeSpan.Zero)
        {
            yield return "Retention must not be negative.";
        }

        if (options.Index.WakeUpInterval < TimeSpan.FromMilliseconds(10) || options.Index.WakeUpInterval > TimeSpan.FromMinutes(1))
        {
            yield return "Index:WakeUpInterval must lie between 10 ms and 1 min.";
        }

        if (options.Index.PurgeInterval < TimeSpan.FromSeconds(1) || options.Index.PurgeInterval > TimeSpan.FromDays(1))
        {
            yield return "Index:PurgeInterval must lie between 1 s and 1 day.";
        }
    }
}
