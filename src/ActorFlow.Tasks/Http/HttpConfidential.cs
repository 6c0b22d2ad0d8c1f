namespace ActorFlow.Tasks.Http;

/// <summary>Decides which headers are for one origin only: those that identify the sender or the receiver.</summary>
internal static class HttpConfidential
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Cookie", "Cookie2", "Host", "X-Api-Key", "Api-Key", "X-Auth-Token", "X-Access-Token", "X-Csrf-Token", "X-Xsrf-Token",
    };

    public static bool Is(string header) =>
        Names.Contains(header.Trim()) || header.Trim().StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase);
}
