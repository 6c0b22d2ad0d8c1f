using System.Runtime.CompilerServices;
using ActorFlow.Node.Api;
using ActorFlow.Runtime.Access;

namespace ActorFlow.Node.Admin;

/// <summary>The commands about who may come in and who did what: <c>key create</c>, <c>list</c>, <c>revoke</c>, and <c>audit</c>.</summary>
internal static class AccessCommands
{
    /// <summary>The noun of the commands about keys.</summary>
    public const string Keys = "key";

    /// <summary>The noun, without a verb, that reads the audit.</summary>
    public const string Audit = "audit";

    private const int DefaultLimit = 100;

    private static readonly AdminArgument Name = new("--name", AdminKind.Text, "Its name: what runs and the audit say of who uses it.") { IsRequired = true };
    private static readonly AdminArgument Role = new("--role", AdminKind.Role, $"What it may do: {ApiRoles.Words}, each what those before it may.") { IsRequired = true };
    private static readonly AdminArgument Expires = new("--expires", AdminKind.Duration, "How long it opens the door (until it is revoked).");
    private static readonly AdminArgument Key = new("KEY", AdminKind.Text, "The id of the key, or its name.");
    private static readonly AdminArgument Since = new("--since", AdminKind.Time, "Only since then: a time, or how long ago (2h, 7d).");
    private static readonly AdminArgument Until = new("--until", AdminKind.Time, "Only before then.");
    private static readonly AdminArgument By = new("--by", AdminKind.Text, "Only what this caller did: the name of a key, jwt:NAME, anonymous@ADDRESS.");
    private static readonly AdminArgument Target = new("--target", AdminKind.Text, "Only what was done to this run, key or definition.");
    private static readonly AdminArgument Limit = new("--limit", AdminKind.Number, $"How many at most ({DefaultLimit}).");

    /// <summary>The commands.</summary>
    public static IEnumerable<AdminCommand> All =>
    [
        new(Keys, "create", "Make a key and print it, once: only its hash is kept.", ApiRole.Admin, CreateAsync)
        {
            Arguments = [Name, Role, Expires],
            MakesStore = true,
            Examples = ["--name ci --role operator --expires 90d", "--name admin --role admin -o json"],
        },
        new(Keys, "list", "List the keys, those that were revoked among them.", ApiRole.Admin, ListAsync) { Examples = ["", "-o json"] },
        new(Keys, "revoke", "Revoke a key: within 5 seconds it opens no door, and what it has open is ended.", ApiRole.Admin, RevokeAsync)
        {
            Arguments = [Key],
            Examples = ["ci", "ci --yes"],
            Danger = WhatIsRevokedAsync,
        },
        new(Audit, "", "Show who did what, the newest first, and who was refused how often.", ApiRole.Admin, AuditAsync)
        {
            Arguments = [Since, Until, By, Target, Limit],
            Examples = ["", "--since 1d --by ci", "--target order-7 -o json"],
        },
    ];

    private static async IAsyncEnumerable<AdminAnswer> CreateAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (key, text) = await call.Host.Access.CreateKeyAsync(call.Required(Name), call.Required(Role), call.Duration(Expires), cancellationToken).ConfigureAwait(false);
        yield return new AdminAnswer.MadeKey(key, text);
    }

    private static async IAsyncEnumerable<AdminAnswer> ListAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = await call.Host.Access.ListKeysAsync(cancellationToken).ConfigureAwait(false);
        foreach (var key in keys)
        {
            yield return new AdminAnswer.Key(key);
        }

        if (keys.IsEmpty)
        {
            yield return new AdminAnswer.Note("there is no key, and nobody on this machine has to sign in; make one with: " + call.Host.Line(Keys, "create", "--name", "admin", "--role", "admin"));
        }
    }

    private static async IAsyncEnumerable<AdminAnswer> RevokeAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var key = call.Required(Key);
        // It was confirmed, and what was confirmed said whether it is the last.
        await call.Host.Access.RevokeKeyAsync(key, evenTheLast: true, cancellationToken).ConfigureAwait(false);
        yield return new AdminAnswer.Done(key, "revoked", $"the key {key} is revoked") { Noun = Keys };
    }

    private static async Task<string> WhatIsRevokedAsync(AdminCall call, CancellationToken cancellationToken)
    {
        var word = call.Required(Key);
        var keys = await call.Host.Access.ListKeysAsync(cancellationToken).ConfigureAwait(false);
        var key = keys.FirstOrDefault(key => key.Id == word) ?? keys.FirstOrDefault(key => key.Revoked is null && key.Name == word)
            ?? throw WorkflowRefusedException.Of("key-not-found", $"There is no key '{AdminArgument.Shown(word)}'.");
        var now = call.Host.Time.GetUtcNow();
        var isLast = key.Role == StoredApiKey.AdminRole
            && !keys.Any(other => other.Id != key.Id && other.Role == StoredApiKey.AdminRole && other.Revoked is null && (other.Expires is null || other.Expires > now));
        return $"revoke the key {key.Name} ({key.Role}){(isLast ? ", the last one with the role admin" : "")}";
    }

    private static async IAsyncEnumerable<AdminAnswer> AuditAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new AuditQuery
        {
            Since = call.Time(Since),
            Until = call.Time(Until),
            By = call.Text(By),
            Target = call.Text(Target),
            Limit = call.Number(Limit) ?? DefaultLimit,
        };
        await foreach (var entry in call.Host.Access.AuditAsync(query, cancellationToken).ConfigureAwait(false))
        {
            yield return new AdminAnswer.Audited(entry);
        }
    }
}
