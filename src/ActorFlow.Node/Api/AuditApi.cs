using System.Collections.Immutable;
using System.Globalization;
using ActorFlow.Node.Security;
using ActorFlow.Runtime.Access;

namespace ActorFlow.Node.Api;

/// <summary>Reads the audit: what gRPC and JSON have in common.</summary>
/// <param name="store">Where it is kept.</param>
/// <param name="trail">What this node has yet to write.</param>
/// <param name="gate">Lets calls in.</param>
internal sealed class AuditApi(AccessStore store, AuditTrail trail, ApiGate gate)
{
    /// <summary>The most entries of a page.</summary>
    public const int LongestPage = 1_000;

    /// <summary>Reads a page, the newest entries first, and the cursor of the next one; null means that it is the last.</summary>
    public Task<(ImmutableArray<AuditEntry> Items, string? Next)> ListAsync(
        ApiCaller caller, AuditQuery query, string? cursor, CancellationToken cancellationToken) => gate.DoAsync(caller, ApiRole.Admin, async () =>
    {
        if (query.Limit is < 1 or > LongestPage)
        {
            throw WorkflowRefusedException.Of("invalid-request", $"limit must lie between 1 and {LongestPage:N0}.");
        }

        var after = cursor is null ? default((DateTimeOffset, string)?) : Read(cursor);
        await trail.FlushAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        var items = await StoreFaults.NameAsync(() => store.Store!.Audit.ListAsync(query with { After = after, Limit = query.Limit + 1 }, cancellationToken)).ConfigureAwait(false);
        if (items.Length <= query.Limit)
        {
            return (items, default(string?));
        }

        var page = items.RemoveAt(items.Length - 1);
        return (page, string.Create(CultureInfo.InvariantCulture, $"{page[^1].Time.UtcTicks}.{page[^1].Id}"));
    });

    private static (DateTimeOffset Time, string Id) Read(string cursor)
    {
        var dot = cursor.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && Guid.TryParseExact(cursor.AsSpan(dot + 1), "n", out var id)
            && long.TryParse(cursor.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? (new(ticks, TimeSpan.Zero), id.ToString("n"))
            : throw WorkflowRefusedException.Of("invalid-request", "The cursor is not one that the audit has given.");
    }
}
