using ActorFlow.Client.Connecting;

namespace ActorFlow;

/// <summary>Where the nodes are, and how calls to them behave.</summary>
public sealed class WorkflowClientOptions
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestConnect = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>
    /// The HTTP addresses of nodes of one cluster, as <c>http://127.0.0.1:9110</c>; at least one, and empty by default. The first one is used; when it
    /// cannot be reached or is unavailable, the next one.
    /// </summary>
    public IList<string> Addresses { get; set; } = [];

    /// <summary>
    /// The API key, 1 to 1,000 visible ASCII characters. Null, the default, means that none is sent. It is sent over <c>https://</c>, and over
    /// <c>http://</c> to the own machine only.
    /// </summary>
    public string? ApiKey { get; set; }

    /// <summary>Whether the API key may be sent over <c>http://</c> to other machines, where whoever is on the way can read it. The default is false.</summary>
    public bool AllowInsecureKey { get; set; }

    /// <summary>
    /// How long a call may take, its repetitions included: 1 ms to 1 day; the default is 30 s. Waiting for the end of a run and watching are not
    /// limited by it.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long connecting to an address may take before the next one is tried: 1 ms to 1 min; the default is 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Changes the HTTP handler of a connection before it is used, for certificates or a proxy. It is called twice for each address: for the question
    /// where gRPC is, and for gRPC. Null, the default, means that it stays as it is.
    /// </summary>
    public Action<SocketsHttpHandler>? ConfigureHandler { get; set; }

    /// <summary>What is wrong with the options, one line each.</summary>
    internal IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (Addresses is not { Count: > 0 })
        {
            problems.Add("Addresses is empty. Give the HTTP address of a node, as http://127.0.0.1:9110.");
        }

        for (var i = 0; i < (Addresses?.Count ?? 0); i++)
        {
            if (ProblemOf(Addresses![i]) is { } problem)
            {
                problems.Add($"Addresses[{i}] {problem}");
            }
        }

        // The key itself stays out of messages.
        if (ApiKey is not null && (ApiKey.Length is 0 or > 1_000 || ApiKey.Any(c => c is <= ' ' or > '~')))
        {
            problems.Add("ApiKey must have 1 to 1,000 visible ASCII characters, without blanks.");
        }

        if (Timeout < Shortest || Timeout > Longest)
        {
            problems.Add($"Timeout must lie between 1 ms and 1 day, but is {Timeout:c}.");
        }

        if (ConnectTimeout < Shortest || ConnectTimeout > LongestConnect)
        {
            problems.Add($"ConnectTimeout must lie between 1 ms and 1 min, but is {ConnectTimeout:c}.");
        }

        return problems;
    }

    /// <summary>A copy, which later changes of this one do not reach.</summary>
    internal WorkflowClientOptions Copy() => new()
    {
        Addresses = [.. Addresses],
        ApiKey = ApiKey,
        AllowInsecureKey = AllowInsecureKey,
        Timeout = Timeout,
        ConnectTimeout = ConnectTimeout,
        ConfigureHandler = ConfigureHandler,
    };

    private string? ProblemOf(string? address) =>
        NodeAddress.TryRead(address, out var uri, out var problem) ? NodeAddress.WhyNoKey(this, uri) : problem;
}
