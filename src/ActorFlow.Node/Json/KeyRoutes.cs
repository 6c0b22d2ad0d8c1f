using ActorFlow.Node.Api;
using ActorFlow.Runtime.Access;
using Microsoft.AspNetCore.Http;

namespace ActorFlow.Node.Json;

/// <summary>The operations on API keys as JSON.</summary>
/// <param name="api">Does them.</param>
internal sealed class KeyRoutes(KeyApi api)
{
    private const string Keys = "/keys";

    /// <summary>All of them.</summary>
    public IEnumerable<JsonRoute> All =>
    [
        new("POST", Keys, "Keys.Create", "Makes a key, which is shown in this answer only.", ApiRole.Admin, CreateAsync)
        {
            IsCommand = true,
            Body = JsonBody.Of(
                new("name", "Its name, 1 to 100 of the characters A-Z, a-z, 0-9, '.', '_' and '-'.", IsRequired: true),
                new("role", $"{ApiRoles.Words}.", IsRequired: true),
                new("expires", "How long it opens the door, as 90d, at most 36500d. The default is until it is revoked.")),
            Answers = [(201, typeof(CreatedKeyAnswer))],
        },
        new("GET", Keys, "Keys.List", "Lists all keys, those that were revoked among them, by when they were made.", ApiRole.Admin, ListAsync)
        {
            Answers = [(200, typeof(ItemList<KeyAnswer>))],
        },
        new("DELETE", Keys + "/{key}", "Keys.Revoke", "Revokes a key, by its id, or by its name if it is not revoked.", ApiRole.Admin, RevokeAsync)
        {
            IsCommand = true,
            Parameters = [new("last", "true means that the last valid key with the role admin may go too. The default is false.")],
        },
    ];

    private async Task CreateAsync(JsonCall call)
    {
        call.EndQuery();
        string name, role;
        TimeSpan? expires;
        using (var fields = await call.FieldsAsync().ConfigureAwait(false))
        {
            (name, role, expires) = (fields.RequiredText("name"), fields.RequiredText("role"), fields.Duration("expires"));
            fields.End();
        }

        var (key, text) = await api.CreateAsync(call.Caller, name, role, expires, call.CommandId, call.Aborted).ConfigureAwait(false);
        await call.AnswerAsync(
            new(key.Id, key.Name, key.Role, text, key.Created, key.CreatedBy, key.Expires), ApiJson.Default.CreatedKeyAnswer, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private async Task ListAsync(JsonCall call)
    {
        call.EndQuery();
        var keys = await api.ListAsync(call.Caller, call.Aborted).ConfigureAwait(false);
        await call.AnswerAsync(new([.. keys.Select(KeyAnswer.Of)]), ApiJson.Default.ItemListKeyAnswer).ConfigureAwait(false);
    }

    private async Task RevokeAsync(JsonCall call)
    {
        var (key, evenTheLast) = (call.Part("key"), call.Flag("last"));
        call.EndQuery();
        await api.RevokeAsync(call.Caller, key, evenTheLast, call.CommandId, call.Aborted).ConfigureAwait(false);
        call.Accept();
    }
}

/// <summary>A new key, with its text.</summary>
internal sealed record CreatedKeyAnswer(string Id, string Name, string Role, string Text, DateTimeOffset Created, string CreatedBy, DateTimeOffset? Expires);

/// <summary>A key, without its secret.</summary>
internal sealed record KeyAnswer(
    string Id, string Name, string Role, DateTimeOffset Created, string CreatedBy, DateTimeOffset? Expires, DateTimeOffset? Revoked, string? RevokedBy)
{
    public static KeyAnswer Of(StoredApiKey key) => new(
        key.Id, key.Name, key.Role, key.Created, key.CreatedBy, key.Expires, key.Revoked, key.RevokedBy);
}
