using System.Collections.Immutable;
using ActorFlow.Node.Api;
using ActorFlow.Runtime.Access;

namespace ActorFlow.Node.Json;

/// <summary>The audit as JSON.</summary>
/// <param name="api">Reads it.</param>
internal sealed class AuditRoutes(AuditApi api)
{
    /// <summary>All of them.</summary>
    public IEnumerable<JsonRoute> All =>
    [
        new("GET", "/audit", "Audit.List", "Lists who did what, the newest first.", ApiRole.Admin, ListAsync)
        {
            Parameters =
            [
                new("since", "The earliest time, with an offset."),
                new("until", "The time before which entries are, with an offset."),
                new("by", "The name of a caller."),
                new("target", "The id of a run or a key."),
                new("limit", "How many entries at most, 1 to 1000. The default is 100.", "integer"),
                new("cursor", "The cursor of the page before."),
            ],
            Answers = [(200, typeof(AuditAnswer))],
        },
    ];

    private async Task ListAsync(JsonCall call)
    {
        var query = new AuditQuery
        {
            Since = call.Time("since"),
            Until = call.Time("until"),
            By = call.Query("by"),
            Target = call.Query("target"),
            Limit = call.Number("limit", 100),
        };
        var cursor = call.Query("cursor");
        call.EndQuery();
        var (items, next) = await api.ListAsync(call.Caller, query, cursor, call.Aborted).ConfigureAwait(false);
        await call.AnswerAsync(new([.. items.Select(AuditItem.Of)], next), ApiJson.Default.AuditAnswer).ConfigureAwait(false);
    }
}

/// <summary>A page of the audit.</summary>
internal sealed record AuditAnswer(ImmutableArray<AuditItem> Items, string? Next);

/// <summary>Something that was done or refused.</summary>
internal sealed record AuditItem(
    DateTimeOffset Time, string By, string Role, string? Operation, string? Target, string? CommandId, string Outcome, int Count)
{
    public static AuditItem Of(AuditEntry entry) => new(
        entry.Time, entry.Caller, entry.Role, TextOf(entry.Verb), TextOf(entry.Target), TextOf(entry.Command), entry.Outcome, entry.Count);

    private static string? TextOf(string text) => text.Length == 0 ? null : text;
}
