using ActorFlow.Node.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ActorFlow.Node.Security;

/// <summary>
/// Who may come in. Whoever sends a key is who the key says; where none was ever made and only this machine can reach the node, programs on it need none
/// (<see cref="OpenDoor"/>). Keys are taken from the header <c>Authorization</c> alone: addresses end up in logs.
/// </summary>
/// <param name="keys">The keys.</param>
/// <param name="options">Where the node listens.</param>
/// <param name="tokens">Tokens of an identity provider; null means that there is none.</param>
internal sealed class Door(KeyRing keys, ApiOptions options, TokenCheck? tokens)
{
    private const string Scheme = "Bearer ";

    // Longer than any key, and than what an identity provider makes.
    private const int LongestCredential = 16 << 10;

    private readonly bool _isOnlyForThisMachine = options.Listening.All(address => address.IsLoopback);

    /// <summary>Lets a request in, or says why not.</summary>
    public async ValueTask<CallerIdentity> LookAsync(HttpContext context)
    {
        try
        {
            return context.Request.Headers.Authorization is { Count: > 0 } credentials
                ? new(await FindAsync(credentials, context.RequestAborted).ConfigureAwait(false))
                : LookAtStranger(context);
        }
        catch (WorkflowRefusedException refusal)
        {
            return new(refusal);
        }
    }

    private ValueTask<ApiCaller> FindAsync(StringValues credentials, CancellationToken cancellationToken)
    {
        if (credentials is not [{ Length: <= LongestCredential } credential] || !credential.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw WorkflowRefusedException.Of("unauthenticated", "The header Authorization must be Bearer and a key, once.");
        }

        var text = credential[Scheme.Length..].Trim();
        return tokens is null || text.StartsWith(ApiKeyText.Prefix, StringComparison.Ordinal)
            ? new(keys.Find(text))
            : new(tokens.FindAsync(text, cancellationToken));
    }

    private CallerIdentity LookAtStranger(HttpContext context) => keys.HasKeys switch
    {
        _ when tokens is not null => new(WorkflowRefusedException.Of("unauthenticated", "Sign in: send a token or a key as Authorization: Bearer TOKEN.")),
        null => new(WorkflowRefusedException.Of("unavailable", "The store is in trouble, and whether callers have to sign in is not known: repeat the call later.")),
        false when _isOnlyForThisMachine => OpenDoor.Look(context, keys.WithoutKey),
        _ => new(WorkflowRefusedException.Of("unauthenticated", "Sign in: send a key as Authorization: Bearer KEY. 'actorflow key create' makes one.")),
    };
}
